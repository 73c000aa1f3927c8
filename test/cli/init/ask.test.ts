import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { ask, type Given, LeftQuestions } from "../../../src/cli/init/ask.ts";

/** Answers each question as it is asked, in a terminal; what the user sees comes back too. */
async function answered(answers: readonly string[], given: Partial<Given> = {}) {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  let shown = "";
  let next = 0;
  stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    if (/\]?: (\u001b\[\d+G)?$/.test(chunk.toString()) && next < answers.length) {
      const answer = answers[next++]!;
      setImmediate(() => stdin.write(answer));
    }
  });
  const asked = await ask({ file: "x.yaml", ...given }, { stdin, stdout }).catch((error: unknown) => error);
  return { asked, shown };
}

const folder = mkdtempSync(join(tmpdir(), "ask-"));
mkdirSync(join(folder, "my notes"));
writeFileSync(join(folder, "my notes", "a.md"), "# A\n\ntext");
writeFileSync(join(folder, "a.docx"), "x");

it("asks again after an answer that cannot be used, and says what is wrong with it", async () => {
  const { asked, shown } = await answered([
    "notes/\r",
    "1\r",
    `${folder}/nowhere\r`,
    "\r",
    `${folder}/a.docx\r`,
    `${folder}/my notes\r`,
    "translation\r",
    "qa\r",
    "models/none\r",
    "\r",
  ]);
  expect(asked).toEqual({
    file: "x.yaml",
    goal: "documents",
    data: [`${folder}/my notes`],
    tasks: ["qa"],
    base: "zebra-nano-4k",
  });
  expect(shown).toContain('expected a number or one of documents, chat, hub, lcat, got "notes/"');
  expect(shown).toContain("nowhere: expected a file or folder, got nothing there");
  expect(shown).toContain("expected at least one, got nothing");
  expect(shown).toContain("got 1 .docx");
  expect(shown).toContain('expected some of summarization,qa,writing, got "translation"');
  expect(shown).toContain(
    "--base models/none: expected a checkpoint folder with config.json, got nothing at models/none",
  );
});

it("a dataset of the Hub has an owner; what is given is not asked", async () => {
  const { asked } = await answered(["squad\r", "rajpurkar/squad\r"], { goal: "hub", base: "zebra-nano-4k" });
  expect(asked).toMatchObject({ goal: "hub", data: ["rajpurkar/squad"] });
});

it.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s leaves the questions, at any of them", async (_, key) => {
  expect((await answered([key])).asked).toBeInstanceOf(LeftQuestions);
  expect((await answered(["1\r", key])).asked).toBeInstanceOf(LeftQuestions);
});

it("every line of the questions fits into 80 columns", async () => {
  const { shown } = await answered(["\u0003"]);
  const widths = shown.split("\n").map((line) => line.trimEnd().length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  expect(widths.length).toBeGreaterThan(4);
});
