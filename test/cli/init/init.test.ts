import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Found } from "../../../src/cli/init/look.ts";
import { splitFor } from "../../../src/cli/init/settings.ts";
import { packagePath } from "../../../src/package-root.ts";
import { pdfFile } from "../../datasets/files/convert/pdf-file.ts";
import { ended } from "../spawn.ts";

const emptyFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), "init-")));

/** Runs zebra as a user would, in a folder of their own. */
function zebraIn(cwd: string, ...args: string[]) {
  const { npm_lifecycle_event: _, ...env } = process.env;
  return ended(spawn(process.execPath, [packagePath("src", "cli", "zebra.ts"), ...args], { cwd, env }));
}

const text = (i: number): string =>
  Array.from(
    { length: 30 },
    (_, j) => `In the year 17${10 + i}, Anna Berg of house ${j} said that the bridge cost ${i * j} crowns.`,
  ).join("\n\n");

it("documents of several kinds become a recipe whose data can be made, and a file is never written over", async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "my notes"));
  for (let i = 0; i < 20; i++)
    writeFileSync(join(folder, "my notes", `n${i}.md`), `# Note ${i}\n\n${text(i)}`);
  writeFileSync(join(folder, "my notes", "page.html"), `<main><p>${text(50)}</p></main>`);
  writeFileSync(join(folder, "my notes", "scan.pdf"), pdfFile([[]]));
  writeFileSync(join(folder, "my notes", "old.docx"), "x");
  const first = await zebraIn(
    folder,
    "init",
    "mine.yaml",
    "--data",
    "my notes",
    "--task",
    "summarization,writing",
  );
  expect([first.code, first.stderr]).toEqual([
    0,
    "zebra: my notes: 1 file is of no kind that can be read (old.docx)\n",
  ]);
  expect(first.stdout).toContain("my notes: 20 files of markdown, ");
  expect(first.stdout).toContain("my notes: 1 file of html, ");
  expect(first.stdout).toMatch(/my notes: 1 file of pdf, .*: 0 documents; cannot be used: 1 no_text/);
  expect(first.stdout).toContain("Wrote mine.yaml.");
  const data = await zebraIn(folder, "data", "mine.yaml", "--plain", "mix.max_seq_tokens=512");
  expect([data.code, data.stderr]).toEqual([0, ""]);
  // What another dataset of the folder reads is not told as not read, and what is the same for all of them is
  // told once.
  const warnings = data.stdout.split("\n").flatMap((line) => /^data +warning: (.*)/.exec(line)?.[1] ?? []);
  expect(warnings.map((message) => message.slice(0, 60))).toEqual([
    "my notes: 2 files of other kinds are not read (old.docx, sca",
    "data.datasets[0].build.options.target_tokens and of 3 more: ",
    expect.stringMatching(/^licences: /),
  ]);
  const again = await zebraIn(folder, "init", "mine.yaml", "--data", "my notes");
  expect(again.code).toBe(2);
  expect(again.stderr).toContain(
    "mine.yaml: expected a name that is free, got a file. Name another, or --force",
  );
});

it("rows become a recipe of their own; with lcat there are two recipes, one after the other", async () => {
  const folder = emptyFolder();
  const row = (i: number) =>
    JSON.stringify({
      messages: [
        { role: "user", content: text(i) },
        { role: "assistant", content: `${i}` },
      ],
    });
  writeFileSync(join(folder, "rows.jsonl"), Array.from({ length: 40 }, (_, i) => row(i)).join("\n"));
  const chat = await zebraIn(folder, "init", "chat.yaml", "--data", "rows.jsonl", "--yes");
  expect([chat.code, chat.stderr]).toEqual([0, ""]);
  expect(chat.stdout).toMatch(/rows\.jsonl: 1 file of messages, .*: 40 rows about 40 documents, /);
  expect(readFileSync(join(folder, "chat.yaml"), "utf8")).toContain("path: rows.jsonl\n      task: qa");
  // These rows have no document that perplexity could be measured on.
  expect(readFileSync(join(folder, "chat.yaml"), "utf8")).toMatch(
    /benchmarks:\n {4}- \{ name: long-qa, limit: 20 \}\n$/,
  );
  const write = await zebraIn(folder, "init", "w.yaml", "--data", "rows.jsonl", "--yes", "--task", "writing");
  expect(write.code).toBe(0);
  expect(readFileSync(join(folder, "w.yaml"), "utf8")).toMatch(
    /benchmarks: \[\] # of such rows only the loss/,
  );
  writeFileSync(join(folder, "book.txt"), text(1));
  const lcat = await zebraIn(folder, "init", "long.yaml", "--for", "lcat", "--data", "book.txt");
  expect([lcat.code, lcat.stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "long-lcat.yaml"), "utf8")).toContain("objective: lcat");
  expect(readFileSync(join(folder, "long.yaml"), "utf8")).toContain("checkpoint: runs/long-lcat/train/final");
});

it("few documents: the budget is what they give, and it says that nothing can be measured", async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, "few"));
  for (let i = 0; i < 4; i++) writeFileSync(join(folder, "few", `n${i}.md`), `# Note ${i}\n\n${text(i)}`);
  const rows = Array.from({ length: 200 }, (_, i) => ({ instruction: text(i), output: `${i} crowns.` }));
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const few = await zebraIn(folder, "init", "few.yaml", "--data", "few");
  expect(few.stdout).toContain(
    "4 documents are too few to hold any out: all are trained on, and nothing can be measured.",
  );
  const mixed = await zebraIn(folder, "mix", "few.yaml", "--plain");
  expect([mixed.code, mixed.stderr]).toEqual([0, ""]);
  expect(mixed.stdout).not.toContain("of its share");
  const one = await zebraIn(folder, "init", "one.yaml", "--data", "few/n0.md");
  expect(one.stdout).toContain("It is one document, and all of it is trained on: nothing can be measured");
  const both = await zebraIn(folder, "init", "both.yaml", "--data", "few", "rows.jsonl");
  expect(both.stdout).not.toContain("nothing can be measured");
  expect(readFileSync(join(folder, "both.yaml"), "utf8")).toMatch(
    / {2}weights: \{ few-summaries: 0\.0\d, .*rows: 0\.9/,
  );
});

it("without data, or with what is not there, it says what to give", async () => {
  const folder = emptyFolder();
  const none = await zebraIn(folder, "init");
  expect([none.code, none.stderr]).toEqual([
    2,
    "zebra: init: expected --data with files or folders (or, with --for hub, owner/name), got none. For " +
      "example: zebra init my.yaml --data notes/\n",
  ]);
  writeFileSync(join(folder, "a.docx"), "x");
  const docx = await zebraIn(folder, "init", "--data", "a.docx");
  expect(docx.stderr).toContain(
    "got 1 .docx. Save them as one of these (.docx and the like as .html, .pdf or .txt)",
  );
  writeFileSync(join(folder, "empty.md"), "");
  const empty = await zebraIn(folder, "init", "e.yaml", "--data", "empty.md");
  expect([empty.code, existsSync(join(folder, "e.yaml"))]).toEqual([2, false]);
  expect(empty.stderr).toContain("empty.md: expected documents or rows that can be used, got none.");
});

it("a dataset of the Hub is named with its owner, and some of it is held out", async () => {
  const folder = emptyFolder();
  const hub = await zebraIn(folder, "init", "hub.yaml", "--for", "hub", "--data", "owner/name");
  expect([hub.code, hub.stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "hub.yaml"), "utf8")).toContain(
    "split: { validation: 0.04, test: 0.06 } # shares held out, by document",
  );
  const bare = await zebraIn(folder, "init", "bare.yaml", "--for", "hub", "--data", "squad");
  expect(bare.code).toBe(2);
  expect(bare.stderr).toContain("squad: expected a dataset of the Hub as owner/name, got none");
});

it("shares of few documents hold out some, by the split that the data stage uses", () => {
  const found = (count: number) =>
    [{ documents: new Set(Array.from({ length: count }, (_, i) => `document ${i}`)) }] as Pick<
      Found,
      "documents"
    >[] as Found[];
  const few = splitFor(found(12));
  expect(few.held.test).toBeGreaterThanOrEqual(2);
  expect(few.held.validation).toBeGreaterThanOrEqual(1);
  expect(few.held.train).toBeGreaterThanOrEqual(6);
  expect(splitFor(found(1000)).split).toEqual({ validation: 0.04, test: 0.06 });
  expect(splitFor(found(1))).toEqual({
    split: { validation: 0, test: 0 },
    held: { train: 1, validation: 0, test: 0 },
  });
});
