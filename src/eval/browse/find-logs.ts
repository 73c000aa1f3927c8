import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import type { Asking } from "../benchmark.ts";
import { benchmarkCatalog } from "../benchmarks/index.ts";
import type { Results } from "../results/results.ts";
import { rowMetrics, type TaskMetric, taskAsking } from "../tasks/results/row-scores.ts";
import type { TaskResults } from "../tasks/results/task-results.ts";

/** A file of samples of one benchmark and model. */
export interface LogFile {
  benchmark: string;
  model: string;
  path: string;
  /** How its scores are put together, where that is known already. */
  asking?: Pick<Asking, "headline" | "metrics">;
  /** Of a task file that is done. */
  metrics?: readonly TaskMetric[];
}

/** Where samples are, found in a folder that was named. */
export interface Place {
  /** The folder that has them. */
  dir: string;
  kind: "run" | "tasks";
}

/**
 * The samples of a run (its `eval`, or `compare`), of such a folder itself, or of an output folder of
 * `zebra eval --tasks`. Throws DataError where there are none.
 */
export async function findPlace(dir: string): Promise<Place> {
  const { eval: evaluation, compare } = runPaths(dir);
  for (const candidate of [evaluation, runPaths(compare).eval, dir])
    if (await hasFolders(evalPaths(candidate).samples)) return { dir: candidate, kind: "run" };
  for (const { name } of await entries(dir)) {
    const inside = (await entries(join(dir, name))).map((entry) => entry.name);
    if (inside.includes("samples") || inside.includes("running")) return { dir, kind: "tasks" };
  }
  throw new DataError(
    `${dir}: expected samples of an evaluation, got none. Name the folder of a run, or what zebra eval ` +
      "--tasks --output was given; a running one has them from its first answer on.",
  );
}

/** The files that are there now. One that is not complete yet is read as far as it is. */
export async function logsIn({ dir, kind }: Place): Promise<LogFile[]> {
  if (kind === "run") {
    const results = await readJson<Results>(evalPaths(dir).results);
    const { samples } = evalPaths(dir);
    const found: LogFile[] = [];
    for (const model of await folders(samples, results?.models.map(({ label }) => label) ?? [])) {
      const names = results ? Object.keys(results.tasks ?? {}) : [];
      for (const { benchmark, path } of await filesOf(join(samples, model), names)) {
        const metrics = results?.tasks?.[benchmark]?.metrics;
        const asking = metrics
          ? taskAsking(metrics)
          : Object.hasOwn(benchmarkCatalog, benchmark)
            ? benchmarkCatalog[benchmark as keyof typeof benchmarkCatalog]
            : undefined;
        found.push({ benchmark, model, path, ...(asking && { asking }) });
      }
    }
    return found;
  }
  const found: LogFile[] = [];
  for (const model of await folders(dir, [])) {
    const results = await readJson<TaskResults>(join(dir, model, "results.json"));
    const done = await filesOf(join(dir, model, "samples"), Object.keys(results?.tasks ?? {}));
    for (const { benchmark, path } of done) {
      const task = results?.tasks?.[benchmark];
      const metrics = task && rowMetrics(task.figures);
      found.push({
        ...{ benchmark, model, path },
        ...(metrics && metrics.length > 0 && { metrics, asking: taskAsking(metrics) }),
      });
    }
    for (const { benchmark, path } of await filesOf(join(dir, model, "running"), [])) {
      // What is asked again is newer than what an earlier evaluation has left.
      const old = found.findIndex((one) => one.model === model && one.benchmark === benchmark);
      if (old >= 0) found.splice(old, 1);
      found.push({ benchmark, model, path });
    }
  }
  return found;
}

const notModels = new Set(["answers", "cache"]);

/** Names of folders: first those in `order`, then the others, those that are older first. */
async function folders(dir: string, order: readonly string[]): Promise<string[]> {
  const names = (await entries(dir)).filter((one) => one.isDirectory()).map(({ name }) => name);
  const known = names.filter((name) => !notModels.has(name));
  const others = known.filter((name) => !order.includes(name));
  return [...order.filter((name) => known.includes(name)), ...(await byBirth(dir, others))];
}

/** The model that was asked first has the older folder: others are compared with it. */
async function byBirth(dir: string, names: readonly string[]): Promise<string[]> {
  const born = await Promise.all(
    names.map(async (name) => ({ name, ms: (await stat(join(dir, name))).birthtimeMs })),
  );
  return born.sort((a, b) => a.ms - b.ms).map(({ name }) => name);
}

async function filesOf(
  dir: string,
  order: readonly string[],
): Promise<{ benchmark: string; path: string }[]> {
  const names = (await entries(dir)).map(({ name }) => name).filter((name) => name.endsWith(".jsonl"));
  const found = names.map((name) => ({
    benchmark: decoded(basename(name, ".jsonl")),
    path: join(dir, name),
  }));
  const place = ({ benchmark }: { benchmark: string }) => (order.indexOf(benchmark) + 1 || 1e9) - 1;
  return found.sort((a, b) => place(a) - place(b) || (a.benchmark < b.benchmark ? -1 : 1));
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function hasFolders(dir: string): Promise<boolean> {
  return (await entries(dir)).some((entry) => entry.isDirectory());
}

async function entries(dir: string) {
  const found = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined for a file that is not there, or not whole: an evaluation may be writing. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch {
    return undefined;
  }
}
