import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTasks, tasksOf } from "../../../src/harness/files/load-tasks.ts";
import { documentsOf, type TaskDocument } from "../../../src/harness/requests/documents.ts";
import { plainOf } from "../../../src/harness/requests/plain.ts";
import { loadRows } from "../../../src/harness/rows/load-rows.ts";
import type { TaskConfig } from "../../../src/harness/task-config.ts";
import { PyDict, type Value } from "../../../src/jinja/values/values.ts";
import type { AskedRow } from "./fixture.ts";
import { type DatasetRows, rowsOf } from "./rows.ts";

/** Writes rows as a dataset is laid out on the Hub: `<config>/<split>.jsonl`. */
export function writeDataset(folder: string, config: string | undefined, rows: DatasetRows): void {
  const inside = join(folder, config ?? "data");
  mkdirSync(inside, { recursive: true });
  for (const [split, list] of Object.entries(rows))
    writeFileSync(join(inside, `${split}.jsonl`), list.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** What a task that ships asks about rows of our own, read from a folder in place of the Hub. */
export async function ask(
  name: string,
  shots: number,
): Promise<{ config: TaskConfig; documents: TaskDocument[] }> {
  const folder = mkdtempSync(join(tmpdir(), "shipped-"));
  const [shipped] = (await loadTasks([name], { includePaths: [], cwd: folder })).members.flatMap(tasksOf);
  writeDataset(folder, shipped!.dataset_name, rowsOf(name));
  const { members } = await loadTasks([name], { includePaths: [], cwd: folder, data: [`${name}=${folder}`] });
  const [config] = members.flatMap(tasksOf);
  const { process_docs, fewshot_config: shown, test_split, validation_split, training_split } = config!;
  const loaded = await loadRows(config!, { hasShots: shots > 0 });
  const read = (split: string, process: TaskConfig["process_docs"]) =>
    process ? process.ofRows(loaded.rowsOf(split)) : loaded.rowsOf(split);
  const rows = read((test_split ?? validation_split)!, process_docs);
  const pool =
    shots === 0
      ? []
      : shown.split !== undefined
        ? read(shown.split, shown.process_docs)
        : [...(shown.samples ?? read((training_split ?? validation_split ?? test_split)!, process_docs))];
  const asked = rows.map((row, docId) => ({ docId, row }));
  const made = documentsOf(
    config!,
    { asked, first: rows[0]!, pool },
    { numFewshot: shots, fewshotSeed: 1234 },
  );
  return { config: config!, documents: made.documents };
}

export type Asked = Awaited<ReturnType<typeof ask>>;

/** Targets and arguments of the requests as upstream has them, as JSON. */
export function askedOf({ config, documents }: Asked): AskedRow[] {
  const settings = optionsOf(config.generation_kwargs);
  return documents.map(({ target, arguments: all }) => ({
    target: plainOf(target),
    arguments: all.map((one) => (config.output_type === "generate_until" ? [...one, settings] : [...one])),
  }));
}

export function optionsOf(given: Readonly<Record<string, Value>>): object {
  return plainOf(PyDict.of(Object.entries(given))) as object;
}
