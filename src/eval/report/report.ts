import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { RunEvent } from "../../contracts/events.ts";
import { dataPaths, mixPaths, runPaths, trainPaths } from "../../contracts/run-folder.ts";
import type { DataManifest } from "../../datasets/folder/data-folder.ts";
import { writeFileAtomic } from "../../files.ts";
import type { MixManifest } from "../../mixing/manifest.ts";
import type { Results } from "../results/results.ts";
import { readSamples, samplesPath } from "../results/samples.ts";
import { type ReportInput, renderReport } from "./report-page.ts";

/** How many samples are shown for each benchmark. */
const shownSamples = 6;

/** Writes `<runDir>/report.html` from the results and from what the earlier stages left in `runDir`. */
export async function writeReport(runDir: string, results: Results): Promise<void> {
  const paths = runPaths(runDir);
  const samples: ReportInput["samples"] = {};
  for (const { name } of results.settings.benchmarks) {
    const byModel = [];
    for (const { label } of results.models) {
      const { lines } = await readSamples(samplesPath(paths.eval, label, name));
      byModel.push(lines);
    }
    const [first = [], ...others] = byModel;
    // Shows the same items side by side: a log that was continued may have another order.
    samples[name] = first
      .slice(0, shownSamples)
      .map((line) => [line, ...others.map((lines) => lines.find(({ id }) => id === line.id))]);
  }
  const html = renderReport({
    name: basename(runDir),
    results,
    samples,
    training: await readMetrics(trainPaths(paths.train).metrics),
    data: await readJson<DataManifest>(dataPaths(paths.data).manifest),
    mix: await readJson<MixManifest>(mixPaths(paths.mix).manifest),
  });
  await writeFileAtomic(paths.report, html);
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The events of training, without a last line that a crash left incomplete. */
async function readMetrics(path: string): Promise<RunEvent[]> {
  const text = (await readText(path)) ?? "";
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}
