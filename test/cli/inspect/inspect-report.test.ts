import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { inspectPage } from "../../../src/cli/inspect/inspect-html.ts";
import {
  diffSections,
  droppedSections,
  mixSections,
  readMixManifest,
} from "../../../src/cli/inspect/inspect-report.ts";
import { runMixStage } from "../../../src/mixing/stage.ts";
import { packagePath } from "../../../src/package-root.ts";
import { exampleOf, mixSpec, readingOf, writeDataFolder } from "../../mixing/data-folder.ts";

let [runA, runB] = ["", ""];
beforeAll(async () => {
  const root = mkdtempSync(join(tmpdir(), "zebratune-inspect-"));
  const tokenizerDir = packagePath("checkpoints", "zebra-nano-tokenizer");
  const examples = Array.from({ length: 20 }, () => exampleOf());
  const long = readingOf("word ".repeat(400), { dataset: "long" });
  const mixOf = async (name: string, list: typeof examples) => {
    const runDir = join(root, name);
    const dataDir = await writeDataFolder(join(runDir, "data"), list);
    const ctx = { runDir, emit: () => {}, stop: { stopped: false } };
    await runMixStage(ctx, { mix: { ...mixSpec, over_length: "drop" }, seed: 1, tokenizerDir, dataDir });
    return runDir;
  };
  runA = await mixOf("a", [...examples, long]);
  runB = await mixOf("b", examples.slice(0, 15));
});

describe("what zebra inspect tells of a mix", () => {
  it("the shares of the mix are those of its manifest", () => {
    const [section] = mixSections(readMixManifest(runA));
    const row = section!.table!.rows.find(([, name]) => name === "notes")!;
    expect(row.at(-1)).toBe("20");
    expect(row[2]).toBe(row[3]);
  });

  it("says which rows are datasets, tasks and lengths", () => {
    const { rows } = mixSections(readMixManifest(runA))[0]!.table!;
    expect(rows.map(([kind]) => kind).filter((kind) => kind !== "")).toEqual(["dataset", "task", "length"]);
  });

  it("says how datasets are rendered where they are not all the same", () => {
    const manifest = readMixManifest(runA);
    const [name, own] = Object.entries(manifest.datasets)[0]!;
    const datasets = { ...manifest.datasets, replay: { ...own, render: "text" as const } };
    const names = mixSections({ ...manifest, datasets })[0]!.table!.rows.map(([, second]) => second);
    expect(names).toEqual(expect.arrayContaining([`${name} (chat)`, "replay (text)"]));
  });

  it("dropped rows by reason, with their ids and details", async () => {
    const [section, none] = await droppedSections(runA, { perReason: 2 });
    expect(none).toBeUndefined();
    expect(section!.table!.rows).toEqual([
      ["mix", "dropped", "over_length", "1", "", ""],
      [
        "",
        "",
        "",
        "",
        expect.stringMatching(/^long\/\d+$/),
        expect.stringMatching(/^\d+ tokens, at most 256$/),
      ],
    ]);
    const [other] = await droppedSections(runA, { perReason: 2, reason: "chat_template" });
    expect(other!.table!.rows).toEqual([]);
  });

  it("two mixes: what each has more of, and examples of one only", async () => {
    const [sizes, examples] = await diffSections(runA, runB);
    expect(sizes!.table!.rows.find(([kind, name]) => `${kind} ${name}` === "task qa")!.at(-1)).toBe("-5");
    expect(examples!.table!.rows).toEqual([["notes", "5", "0", expect.stringMatching(/^A notes\//), ""]]);
  });

  it("a page escapes texts, marks what is trained and loads nothing", () => {
    const runs = [
      { text: "<b>&amp;", trained: false },
      { text: "<script>", trained: true },
    ];
    const page = inspectPage("a <title>", [{ title: "one", examples: [{ head: "h", runs }] }]);
    expect(page).toContain("&#60;b&#62;&#38;amp;<mark>&#60;script&#62;</mark>");
    expect(page).not.toMatch(/<script|src=|href=|<b>/);
  });
});
