import { existsSync } from "node:fs";
import { evalPaths, runPaths } from "../../../contracts/run-folder.ts";
import { DataError } from "../../../errors.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import { benchmarkNames, type Results } from "../../results/results.ts";
import { readSamples, type SampleLine, samplesPath } from "../../results/samples.ts";
import { readRunFacts } from "../../run-facts.ts";
import { costOf } from "../../verdict/cost.ts";
import type { AskedBenchmark, AskedItem, Entry, ResultSource } from "../entry.ts";

/** The folder of a run, or of its comparison: the model that it ends with, and the first one. */
export const runResults: ResultSource = {
  about: "a run's folder (`zebra run`, `zebra eval RECIPE`)",
  takes: async (path) => existsSync(resultsPath(path)),
  async read(path, name) {
    const facts = await readRunFacts(path);
    const { results, recipe } = facts;
    const [first, last] = [results?.models[0], results?.models.at(-1)];
    if (!results || !first || !last)
      throw new DataError(`${resultsPath(path)}: expected a model that was evaluated, got none`);
    const entryOf = async (label: string, entryName: string): Promise<Entry> => ({
      ...{ name: entryName, path, notes: [], cost: "", own: { label, results } },
      asked: await askedOf(path, label, results),
    });
    const entry = { ...(await entryOf(last.label, name)), cost: costOf(facts).text };
    const entries = [{ ...entry, ...(recipe && { recipe }) }];
    if (first === last) return { entries };
    const others: Entry[] = [];
    for (const { label } of results.models.slice(1, -1)) others.push(await entryOf(label, label));
    return { entries, base: await entryOf(first.label, first.label), others };
  },
};

function resultsPath(runDir: string): string {
  return evalPaths(runPaths(runDir).eval).results;
}

async function askedOf(
  runDir: string,
  label: string,
  results: Results,
): Promise<Map<string, AskedBenchmark>> {
  const asked = new Map<string, AskedBenchmark>();
  for (const name of benchmarkNames(results)) {
    const asking = knownBenchmark(results, name);
    if (!asking) continue;
    const { lines } = await readSamples(samplesPath(runPaths(runDir).eval, label, name));
    const { metric } = asking.headline;
    const found = results.results.find(
      (one) => one.model === label && one.benchmark === name && one.metric === metric && one.slice === "",
    );
    if (lines.length === 0 && !found) continue;
    const { value, low, high, n } = found ?? {};
    const measured = value !== undefined && n !== undefined && { value, n };
    const spread = low !== undefined && high !== undefined && { low, high };
    asked.set(name, {
      asking,
      items: lines.map(itemOf),
      ...(measured && { value: { ...measured, ...spread } }),
    });
  }
  return asked;
}

/** The same question has the same id, tokens and right answers. */
function itemOf(line: SampleLine): AskedItem {
  const { id, inputHash, document } = line;
  return {
    id,
    content: `${id}\n${inputHash}`,
    ...(document !== undefined && { document }),
    scores: "error" in line ? [] : line.scores,
  };
}
