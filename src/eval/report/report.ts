import { readFile } from "node:fs/promises";
import { cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { findModel } from "../../checkpoint/model-folder.ts";
import { type StageContext, stageOrder } from "../../contracts/events.ts";
import { mixPaths, runPaths } from "../../contracts/run-folder.ts";
import type { DataManifest } from "../../datasets/folder/data-folder.ts";
import { writeFileAtomic } from "../../files.ts";
import { formatBytes, formatCount } from "../../format.ts";
import { readPackLengths } from "../../mixing/packs/pack-lengths.ts";
import { parseConfig } from "../../model/config/config.ts";
import { parameterCount } from "../../model/cost.ts";
import { packagePath } from "../../package-root.ts";
import { benchmarkNames, type Results } from "../results/results.ts";
import { readSamples, type SampleLine, samplesPath } from "../results/samples.ts";
import { type RunFacts, readRunFacts, runName } from "../run-facts.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { type ReportInput, renderReport } from "./report-page.ts";
import type { About } from "./sections/about.ts";

/** Writes `<runDir>/report.html` from the results and from what the earlier stages left in `runDir`. */
export async function writeReport(
  { runDir, started }: Pick<StageContext, "runDir" | "started">,
  results: Results,
  evalMs: number,
): Promise<void> {
  const paths = runPaths(runDir);
  const facts = { ...(await readRunFacts(runDir)), results };
  const verdict = await verdictOf(runDir, facts, stageOrder, evalMs);
  const html = renderReport({
    name: runName(runDir),
    verdict,
    program: started?.program ?? "zebra",
    about: await aboutOf(facts, results, verdict.cost.text, started?.command),
    results,
    samples: await readAllSamples(paths.eval, results),
    training: facts.training,
    data: facts.data,
    mix: facts.mix,
    lengths: facts.mix && (await readPackLengths(mixPaths(paths.mix).train)),
  });
  await writeFileAtomic(paths.report, html);
}

/** The same items side by side: a log that was continued may have another order. */
async function readAllSamples(evalDir: string, results: Results): Promise<ReportInput["samples"]> {
  const samples: ReportInput["samples"] = {};
  for (const name of benchmarkNames(results)) {
    const byModel: Map<string, SampleLine>[] = [];
    for (const { label } of results.models) {
      const { lines } = await readSamples(samplesPath(evalDir, label, name));
      byModel.push(new Map(lines.map((line) => [line.id, line])));
    }
    const ids = [...(byModel[0]?.keys() ?? [])];
    samples[name] = ids.map((id) => byModel.map((lines) => lines.get(id)));
  }
  return samples;
}

async function aboutOf(
  { recipe, data }: RunFacts,
  results: Results,
  cost: string,
  command: string | undefined,
): Promise<About> {
  const { version } = JSON.parse(await readFile(packagePath("package.json"), "utf8")) as { version: string };
  const [cpu] = cpus();
  const cores = `${cpus().length} ${cpus().length === 1 ? "core" : "cores"}`;
  const models = [];
  for (const { label, dir, base, sha256 } of results.models)
    models.push({ label, sha256, ...(await describeModel(dir, base)) });
  return {
    date: new Date(),
    machine:
      `${cpu?.model.trim() ?? "CPU"}, ${cores}, ${formatBytes(totalmem())}; ${platform()} ${release()}; ` +
      `Node ${process.versions.node}; zebratune ${version}`,
    command,
    recipe: recipe && stringify(recipe),
    models,
    data: describeData(data),
    cost,
  };
}

/** A model in words, with its config; where its files are gone since, their folder alone. */
async function describeModel(
  dir: string,
  base: string | undefined,
): Promise<{ text: string; config: string | undefined }> {
  try {
    const { checkpoint, adapter } = await findModel(dir, base);
    const text = await readFile(join(checkpoint, "config.json"), "utf8");
    const config = parseConfig(JSON.parse(text), checkpoint);
    const { total } = parameterCount(config);
    const parts = [
      `${formatCount(total)} parameters`,
      `${config.num_hidden_layers} layers of ${config.hidden_size}`,
      `up to ${formatCount(config.max_position_embeddings)} positions`,
      ...(adapter === null ? [] : ["with an adapter"]),
    ];
    return { text: parts.join(", "), config: text };
  } catch {
    return { text: `in ${dir}`, config: undefined };
  }
}

function describeData(data: DataManifest | undefined): string {
  return (data?.datasets ?? [])
    .map(({ name, license, examples }) => `${name} (${formatCount(examples)} examples, ${license})`)
    .join(", ");
}
