/**
 * `npm run bench`: every case beside the roofline of the same run, as a table and as JSON (`--out FILE`).
 *
 *   npm run bench                        every suite
 *   npm run bench -- layer               one suite
 *   npm run bench -- layer D768 T2048    the cases whose name has every word
 */
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/files.ts";
import { choiceCases } from "./asking/choice.ts";
import { decodeCases } from "./asking/decode.ts";
import { scoreCases } from "./asking/score.ts";
import { taskCases } from "./asking/tasks.ts";
import { dataCases } from "./data.ts";
import { dedupCases } from "./dedup.ts";
import { layerCases } from "./layer.ts";
import { memoryCases } from "./memory.ts";
import { mixCases } from "./mix.ts";
import { optimizerCases } from "./optimizer.ts";
import { stepCases } from "./step.ts";
import type { BenchCase, BenchRow } from "./tools/measure.ts";

const suites: Record<string, () => BenchCase[]> = {
  choice: choiceCases,
  data: dataCases,
  decode: decodeCases,
  dedup: dedupCases,
  layer: layerCases,
  score: scoreCases,
  step: stepCases,
  tasks: taskCases,
  memory: memoryCases,
  optimizer: optimizerCases,
  mix: mixCases,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: "string" } } });
const words = positionals.filter((word) => !(word in suites));
const asked = positionals.filter((word) => word in suites);
const cases = (asked.length > 0 ? asked : Object.keys(suites))
  .flatMap((suite) => suites[suite]!())
  .filter(({ name }) => words.every((word) => name.split(" ").includes(word)));

if (cases.length === 0) {
  console.error(
    `bench: expected suites (${Object.keys(suites).join(", ")}) or words of a case, got ${words.join(" ")}`,
  );
  process.exitCode = 2;
}
const rows: BenchRow[] = [];
for (const one of cases) {
  const row = await one.run();
  rows.push(row);
  const figures = `${(row.seconds * 1000).toFixed(0)} ms  ${row.rate.toFixed(1)} ${row.unit}`;
  const roof = `roofline ${row.roofline.toFixed(1)}  ratio ${row.ratio.toFixed(2)}`;
  console.log(`${row.name.padEnd(44)} ${figures.padEnd(26)} ${roof}  ${row.note}`);
}
if (values.out) await writeFileAtomic(values.out, `${JSON.stringify(rows, null, 2)}\n`);
