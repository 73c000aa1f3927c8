import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { realPath, taskFiles } from "../../../src/harness/files/index/include.ts";
import { shippedEntries } from "../../../src/harness/files/index/shipped.ts";
import { addFolder, emptyIndex } from "../../../src/harness/files/index/task-index.ts";
import { shippedTasks as folder, loadTasks, tasksOf } from "../../../src/harness/files/load-tasks.ts";
import { shippedList, shippedNamed } from "../../../src/harness/files/shipped-list.ts";
import { knownFunctions } from "../../../src/harness/helpers/catalog/index.ts";
import type { Row, TaskConfig } from "../../../src/harness/task-config.ts";
import { ask, askedOf, writeDataset } from "./ask.ts";
import type { Prompts } from "./fixture.ts";
import { rowsOf } from "./rows.ts";
import { shippedTasks } from "./shipped.ts";

const temporary = () => mkdtempSync(join(tmpdir(), "shipped-"));
const prompts = JSON.parse(
  readFileSync(new URL("../fixtures/shipped-prompts.json", import.meta.url), "utf8"),
) as Prompts;

describe("tasks that ship", () => {
  it("are known by their lines as they are by YAML", () => {
    const root = realPath(folder());
    const index = emptyIndex();
    addFolder(index, root, taskFiles([]));
    expect(index.broken).toEqual([]);
    expect(index.warnings).toEqual([]);
    expect(shippedEntries(root)).toEqual(index.entries);
  });

  it("say what they are, where they come from and what may be done with them", () => {
    const all = shippedList();
    expect(all.map(({ name }) => name)).toContain("mmlu");
    for (const one of all) {
      expect(one, one.name).toMatchObject({
        about: expect.stringMatching(/\w/),
        licence: expect.stringMatching(/\w/),
        paper: expect.stringMatching(/^https:/),
        rows: expect.any(Number),
        dataset: expect.stringMatching(/\w\/\w/),
        note: expect.stringMatching(/lm-evaluation-harness 0\.4\.13/),
      });
      expect(one.metrics.length, one.name).toBeGreaterThan(0);
      const rows = one.members.map((member) => member.rows!);
      if (rows.length > 0)
        expect(
          rows.reduce((a, b) => a + b),
          one.name,
        ).toBe(one.rows);
    }
    expect(shippedNamed("mmlu_stem").members).toHaveLength(19);
    expect(shippedNamed("mmlu_anatomy").licence).toBe("MIT");
    expect(() => shippedNamed("hellaswg")).toThrow("did you mean hellaswag");
  });

  it.each(Object.keys(prompts))("%s asks what the harness's own asks", async (name) => {
    for (const [shots, rows] of Object.entries(prompts[name]!)) {
      const asked = askedOf(await ask(name, Number(shots)));
      expect(asked.slice(0, rows.length)).toEqual(rows);
    }
  });

  it("ask as templates what the toolkit's code for the harness's Python asks", async () => {
    const made = (key: string, row: Row) =>
      knownFunctions
        .find(({ standsFor }) => standsFor === `super_glue/copa/utils.${key}`)!
        .make({})!
        .row!.ofRow(row);
    const { documents } = await ask("copa", 0);
    expect(documents.length).toBeGreaterThan(1);
    for (const { row, text, target, choices } of documents)
      expect([text, target, choices]).toEqual(
        ["doc_to_text", "doc_to_target", "doc_to_choice"].map((key) => made(key, row)),
      );
  });

  it("have the toolkit's filters where the harness's are Python", async () => {
    const { members } = await loadTasks(["bbh_zeroshot_word_sorting"], {
      includePaths: [],
      cwd: temporary(),
    });
    const [{ filter_list: list = [] }] = members.flatMap(tasksOf) as [TaskConfig];
    expect(list.map(({ filter }) => filter.map((step) => step.function))).toEqual([
      ["take_first"],
      ["bbh_word_sort", "take_first"],
    ]);
  });

  it("have rows of ours to be asked about, all of them", async () => {
    for (const name of shippedTasks()) expect(Object.keys(rowsOf(name)).length, name).toBeGreaterThan(0);
  });
});

describe("files of the user's", () => {
  const own = "task: piqa\ndataset_path: json\ntest_split: t\ndoc_to_text: q\ndoc_to_target: a\n";

  it("are taken where they have the name of one that ships, and that is told", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "in"));
    writeFileSync(join(cwd, "in/own.yaml"), own);
    const loaded = await loadTasks(["piqa", "sciq"], { includePaths: ["in"], cwd });
    expect(loaded.members.flatMap(tasksOf).map(({ file }) => basename(file))).toEqual([
      "own.yaml",
      "sciq.yaml",
    ]);
    expect(loaded.warnings).toEqual(["piqa: your own files are taken, not those that ship"]);
    expect((await loadTasks(["sciq"], { includePaths: ["in"], cwd })).warnings).toEqual([]);
  });

  it("are taken beside a group's file", async () => {
    const cwd = temporary();
    writeFileSync(join(cwd, "piqa.yaml"), own);
    writeFileSync(join(cwd, "g.yaml"), "group: g\ntask: [piqa, sciq]\n");
    const loaded = await loadTasks(["g.yaml"], { includePaths: [], cwd });
    const files = loaded.members.flatMap(tasksOf).map(({ file }) => dirname(file));
    expect(files).toEqual([realPath(cwd), realPath(folder())]);
    expect(loaded.warnings).toEqual(["piqa: your own files are taken, not those that ship"]);
  });

  it("are not taken by the name of their folder alone, and that is told", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "piqa"));
    writeFileSync(join(cwd, "piqa/own.yaml"), own);
    const loaded = await loadTasks(["piqa"], { includePaths: [], cwd });
    expect(loaded.members.flatMap(tasksOf).map(({ dataset_path }) => dataset_path)).toEqual(["baber/piqa"]);
    expect(loaded.warnings[0]).toContain("write ./piqa for it");
    const named = await loadTasks(["./piqa"], { includePaths: [], cwd });
    expect(named.members.flatMap(tasksOf).map(({ dataset_path }) => dataset_path)).toEqual(["json"]);
  });

  it("may be copies of what ships, with the toolkit's code for Python", async () => {
    const cwd = temporary();
    writeFileSync(
      join(cwd, "mine.yaml"),
      readFileSync(join(folder(), "drop.yaml"), "utf8").replace("drop", "mine"),
    );
    const { members } = await loadTasks(["mine.yaml"], { includePaths: [], cwd });
    expect(members.flatMap(tasksOf)[0]!.process_docs?.standsFor).toBe("drop/utils.process_docs");
  });
});

describe("datasets from folders", () => {
  const load = async (names: string[], data: string[], cwd: string) =>
    (await loadTasks(names, { includePaths: [], cwd, data })).members
      .flatMap(tasksOf)
      .map((one) => one.dataset_path);

  it("are those of a task, group, tag or dataset", async () => {
    const cwd = temporary();
    for (const name of ["a", "b"]) writeDataset(join(cwd, name), "main", rowsOf("gsm8k"));
    expect(await load(["gsm8k", "piqa"], ["gsm8k=a"], cwd)).toEqual([join(cwd, "a"), "baber/piqa"]);
    expect(await load(["gsm8k"], ["openai/gsm8k=b"], cwd)).toEqual([join(cwd, "b")]);
    expect(await load(["arc_easy", "arc_challenge"], ["ai2_arc=a", "arc_easy=b"], cwd)).toEqual([
      join(cwd, "b"),
      join(cwd, "a"),
    ]);
    expect(new Set(await load(["mmlu_stem"], ["mmlu_stem=a", "mmlu_anatomy=b"].slice(0, 1), cwd))).toEqual(
      new Set([join(cwd, "a")]),
    );
  });

  it("are found in a folder with several, in the Hub's cache too", async () => {
    const cwd = temporary();
    const snapshot = join(cwd, "all/datasets--openai--gsm8k/snapshots/abc");
    for (const path of ["all/baber/piqa", "all/ai2_arc", "all/datasets--openai--gsm8k/refs"])
      mkdirSync(join(cwd, path), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(cwd, "all/datasets--openai--gsm8k/refs/main"), "abc");
    expect(await load(["piqa", "arc_easy", "gsm8k", "sciq"], ["all"], cwd)).toEqual([
      join(cwd, "all/baber/piqa"),
      join(cwd, "all/ai2_arc"),
      snapshot,
      "allenai/sciq",
    ]);
  });

  it("are refused where there is no such folder, task or dataset", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "empty"));
    await expect(load(["piqa"], ["piqa=none"], cwd)).rejects.toThrow(
      "expected a folder that there is, got piqa=none",
    );
    await expect(load(["piqa"], ["pika=empty"], cwd)).rejects.toThrow("did you mean piqa");
    await expect(load(["piqa"], ["empty"], cwd)).rejects.toThrow(
      "copies of baber/piqa, got empty, which has none",
    );
  });
});
