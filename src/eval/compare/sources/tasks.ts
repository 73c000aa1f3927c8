import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rowMetrics } from "../../tasks/results/row-scores.ts";
import type { TaskResults } from "../../tasks/results/task-results.ts";
import type { Entry, ResultSource } from "../entry.ts";
import { foldersOf } from "./folders.ts";
import { parseObject, readLines } from "./read-lines.ts";
import { askedTask, type LoggedRow, sampleOf } from "./task-items.ts";

/** What `zebra eval --tasks` writes: a model's folder, or the folder of several. */
export const taskResults: ResultSource = {
  about: "a folder of `zebra eval --tasks` (results.json, samples/)",
  takes: async (path) => (await modelFolders(path)).length > 0,
  async read(path, name) {
    const folders = await modelFolders(path);
    const entries: Entry[] = [];
    for (const { folder, label } of folders)
      entries.push(await readModel(folder, label === "" ? name : folders.length > 1 ? label : name));
    return { entries };
  },
};

async function modelFolders(path: string): Promise<{ folder: string; label: string }[]> {
  const found: { folder: string; label: string }[] = [];
  for (const one of await foldersOf(path)) if (await isModel(one.folder)) found.push(one);
  return found;
}

async function isModel(folder: string): Promise<boolean> {
  const path = join(folder, "results.json");
  if (!existsSync(path)) return false;
  const text = await readFile(path, "utf8");
  let found: Record<string, unknown>;
  try {
    found = parseObject(text, path);
  } catch {
    return false; // some other tool's
  }
  return typeof found.follows === "string" && typeof found.tasks === "object";
}

async function readModel(folder: string, name: string): Promise<Entry> {
  const path = join(folder, "results.json");
  const results = JSON.parse(await readFile(path, "utf8")) as TaskResults;
  const samples = join(folder, "samples");
  const files = existsSync(samples) ? await readdir(samples) : [];
  const asked = new Map<string, ReturnType<typeof askedTask>>();
  const notes: string[] = [];
  for (const { task, figures, n_samples } of Object.values(results.tasks)) {
    const name = `${encodeURIComponent(task).replaceAll("*", "%2A")}.jsonl`;
    const file = files.find((one) => one === name);
    const lines = file ? await readRows(join(samples, file)) : [];
    if (!file) notes.push(`${task}: no samples in ${samples}, so it is compared with none`);
    const [first] = Object.values(figures);
    const n = n_samples.effective - n_samples.failed;
    const headline = first && { value: first.value, n };
    asked.set(task, askedTask(rowMetrics(figures), lines, headline));
  }
  return { name, path: folder, asked, notes, cost: "" };
}

async function readRows(path: string): Promise<LoggedRow[]> {
  return (await readLines(path)).map((line, i) => sampleOf(line, `${path}:${i + 1}`));
}
