import { describe, expect, it } from "vitest";
import { FunctionReference } from "../../../../src/harness/files/yaml/function-reference.ts";
import { parseYaml } from "../../../../src/harness/files/yaml/read-yaml.ts";
import { createRun } from "../../../../src/jinja/values/run.ts";
import { repr } from "../../../../src/jinja/values/text.ts";

/** As Python prints what PyYAML 6.0.4 gives for the same text. */
const python = (text: string) => repr(parseYaml(text, "F"), createRun(1e9, true));

describe("scalars", () => {
  it.each([
    ["a: 1e3", "{'a': '1e3'}"],
    ["a: 1.5e+3", "{'a': 1500.0}"],
    ["a: 1.5e3", "{'a': '1.5e3'}"],
    ["a: .5", "{'a': 0.5}"],
    ["a: -.5", "{'a': '-.5'}"],
    ["a: 1_000", "{'a': 1000}"],
    ["a: 010", "{'a': 8}"],
    ["a: 08", "{'a': '08'}"],
    ["a: 0o7", "{'a': '0o7'}"],
    ["a: 0x1F", "{'a': 31}"],
    ["a: 190:20:30", "{'a': 685230}"],
    ["a: 1:30.5", "{'a': 90.5}"],
    ["a: [yes, No, on, OFF, y, n]", "{'a': [True, False, True, False, 'y', 'n']}"],
    ["a: [null, ~, '', ]", "{'a': [None, None, '']}"],
    ["a:", "{'a': None}"],
    ["a: 1.0", "{'a': 1.0}"],
    ["a: 999999999999999999999999", "{'a': 999999999999999999999999}"],
    ["a: 2024-01-01 1:02:03.5", "{'a': '2024-01-01 01:02:03.500000'}"],
    ["a: !!str 5", "{'a': '5'}"],
    ["a: !!int '7'", "{'a': 7}"],
    ["no: 1\n1: b\n1.0: c", "{False: 1, 1: 'c'}"],
    ["a: 1\na: 2", "{'a': 2}"],
  ])("%j is %s", (text, expected) => {
    expect(python(text)).toBe(expected);
  });

  it("keeps !function as a name and the file that has it", () => {
    const value = parseYaml("a: !function utils.f", "/x/F.yaml").get("a");
    expect(value).toBeInstanceOf(FunctionReference);
    expect(value).toMatchObject({ name: "utils.f", file: "/x/F.yaml" });
  });
});

describe("structure", () => {
  it("merges, and own keys win", () => {
    const text = "x: &x {foo: 1, bar: 2}\nm: {bar: 5, <<: [*x, {foo: 9, zed: 3}]}";
    expect(python(text)).toBe("{'x': {'foo': 1, 'bar': 2}, 'm': {'foo': 1, 'bar': 5, 'zed': 3}}");
  });

  it("reads quoted text that goes on in lines without indentation, as libyaml does", () => {
    expect(python("a:\n  b: 'x \"y\",\nz''s'\n  c: \"p\n q\\n\"\nd: e")).toBe(
      `{'a': {'b': 'x "y", z\\'s', 'c': 'p q\\n'}, 'd': 'e'}`,
    );
  });

  it.each([
    ["a: 1\n---\nb: 2", "F: expected one YAML document, got several"],
    ["- a", "F: expected a mapping of keys to values, got a list"],
    ["", "F: expected a mapping of keys to values, got nothing"],
    ["a: b: c", "F: line 1: expected YAML, got a mistake"],
    ["a:\n\tb: 1", "F: line 2: expected YAML, got a mistake"],
    ["a: *x", "F: line 1: expected"],
    ["a: !!python/object/apply:os.system [ls]", "the tag !!python/object/apply:os.system"],
    ["a: !!python/name:os.system", "the tag !!python/name:os.system"],
    ["a: !function [x]", "the tag !function"],
    ["? [a]\n: 1", "expected keys that are text or numbers, got a list"],
  ])("refuses %j", (text, message) => {
    expect(() => parseYaml(text, "F")).toThrow(message);
  });
});

describe("hostile texts end", () => {
  const laughs = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
  it.each([
    ["aliases of aliases", `a0: &a0 [x]\n${laughs.join("\n")}`, "those behind aliases counted"],
    ["an alias in itself", "a: &a [*a]", "*a inside its own value"],
    ["lists in lists", "[".repeat(500_000), "at most 64 deep"],
    ["short lists in lists", `a: ${"[".repeat(5_000)}`, "at most 64 deep"],
    ["dashes", "- ".repeat(500_000), "at most 64 deep"],
    ["a staircase", Array.from({ length: 100 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""), "64 deep"],
    ["very many keys", "a: x\n".repeat(200_000), "at most 100000 parts"],
    ["a huge integer", `a: ${"9".repeat(5_000)}`, "at most 4300 digits"],
    [
      "a long text over and over",
      `a: &a ${"x".repeat(500_000)}\nb: [${"*a,".repeat(1000)}]`,
      "at most 200000",
    ],
    ["very many documents", "---\n".repeat(100_000), "F: expected"],
  ])("%s", (_, text, message) => {
    expect(() => parseYaml(text, "F")).toThrow(message);
  });
});
