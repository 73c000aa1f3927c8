import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FunctionReference } from "../../../src/harness/files/yaml/function-reference.ts";
import { type FoundHelper, helperFinder } from "../../../src/harness/helpers/find-helper.ts";
import { type KnownFunction, ofRow } from "../../../src/harness/helpers/helper.ts";
import { readPython } from "../../../src/harness/helpers/python/meaning.ts";

const python = `import re
from functools import partial

MARK = re.compile("x+")
OTHER = 5


def clean(text):
    return MARK.sub("", text)


def ask(doc, lead="Q"):
    return f"{lead}: {clean(doc['q'])}"


ask_short = partial(ask, lead="S")
`;

const hashOf = (source: string, name = "ask") => readPython(source)?.hashOf(name);

describe("a function's hash", () => {
  it.each([
    ["comments", python.replace("    return MARK", "    # why\n    return MARK")],
    ["docstrings", python.replace('lead="Q"):\n', 'lead="Q"):\n    """What is asked."""\n')],
    ["a docstring of the file", `"""About."""\n${python}`],
    ["blank lines and line ends", python.replaceAll("\n\n", "\n\n\n").replaceAll("\n", "\r\n")],
    ["indentation", python.replaceAll("    ", "  ")],
    ["quotes", python.replace('"x+"', "'x+'")],
    [
      "breaks in brackets and a last comma",
      python.replace('MARK.sub("", text)', 'MARK.sub(\n        "",\n        text,\n    )'),
    ],
    ["what it does not use", python.replace("OTHER = 5", "OTHER = 6\n\n\ndef more():\n    return 1")],
    ["what only type checkers read", `from __future__ import annotations\n${python}`],
  ])("does not change with %s", (_, source) => {
    expect(hashOf(source)).toBe(hashOf(python));
  });

  it.each([
    ["its own lines", python.replace("{lead}: ", "{lead} ")],
    ["its parameters", python.replace('lead="Q"', 'lead="R"')],
    ["what it uses inside an f-string", python.replace('sub("", text)', 'sub(" ", text)')],
    ["what that uses", python.replace('"x+"', '"y+"')],
    ["a second definition", `${python}\ndef clean(text):\n    return text\n`],
    ["a line that acts on the module", `${python}\nre.purge()\n`],
    ["another import of the same name", python.replace("import re\n", "import regex as re\n")],
    ["nesting", python.replace("    return MARK", "    if text:\n        return MARK")],
  ])("changes with %s", (_, source) => {
    expect(hashOf(source)).toMatch(/^[0-9a-f]{32}$/);
    expect(hashOf(source)).not.toBe(hashOf(python));
  });

  it("is none for what is not there, or not Python", () => {
    expect(hashOf(python, "nothing")).toBeUndefined();
    expect(readPython("a = 'not closed\n")).toBeUndefined();
    expect(readPython("$!")).toBeUndefined();
  });
});

describe("a helper", () => {
  const known: KnownFunction = {
    ...ofRow({ standsFor: "mine/utils.ask", hashes: [hashOf(python)!] }, () => ""),
    make: ({ lead = "Q" }) => ({ row: { standsFor: `ask ${lead}`, ofRow: () => lead } }),
  };
  const find = (file: string, name: string): FoundHelper =>
    helperFinder([known])(new FunctionReference(name, file));
  const folder = () => mkdtempSync(join(tmpdir(), "helpers-"));

  it("is found by what the file beside the task says", () => {
    const at = folder();
    writeFileSync(join(at, "utils.py"), python);
    expect(find(join(at, "t.yaml"), "utils.ask").row?.standsFor).toBe("ask Q");
    expect(find(join(at, "t.yaml"), "utils.ask_short").row?.standsFor).toBe("ask S");
    expect(find(join(at, "t.yaml"), "utils.nothing").refused).toContain("utils.py has no nothing");
  });

  it("is not found where the function differs, or is not there", () => {
    const at = join(folder(), "mine");
    execFileSync("mkdir", [at]);
    expect(find(join(at, "t.yaml"), "utils.ask").refused).toContain("or is not beside the task's file");
    writeFileSync(join(at, "utils.py"), python.replace("Q", "R"));
    expect(find(join(at, "t.yaml"), "utils.ask").refused).toContain(
      "differs from the mine/utils.ask that zebratune knows",
    );
    writeFileSync(join(at, "broken.py"), "a = '");
    expect(find(join(at, "t.yaml"), "broken.ask").refused).toContain("cannot be read as Python");
    execFileSync("mkfifo", [join(at, "pipe.py")]);
    expect(find(join(at, "t.yaml"), "pipe.ask").refused).toContain("got a pipe");
  });

  it("is known by its whole name where no Python has that name", () => {
    const at = folder();
    expect(find(join(at, "t.yaml"), "mine.utils.ask").row?.standsFor).toBe("ask Q");
    expect(find(join(at, "t.yaml"), "mine.utils.other").refused).toContain("Python");
    execFileSync("mkdir", [join(at, "mine")]);
    writeFileSync(join(at, "mine/utils.py"), python.replace("Q", "R"));
    expect(find(join(at, "t.yaml"), "mine.utils.ask").refused).toContain("Python");
  });
});
