import { type StageContext, uncounted } from "../../contracts/events.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { tooLongReason } from "../asking/items-of.ts";
import type { Benchmark, Prepared } from "../benchmark.ts";
import { benchmarkCatalog } from "../benchmarks/index.ts";
import type { DocumentChange } from "../controls/change-document.ts";
import { hashTokenizer } from "../model-hash.ts";
import { openOwn } from "../own/own-benchmark.ts";
import type { Results } from "../results/results.ts";
import type { EvalStageSpec, Evaluation } from "./evaluation.ts";

/** The benchmarks of the recipe. What test sets of one's own have is added to the results. */
export async function openBenchmarks(
  ctx: StageContext,
  { eval: { benchmarks }, dataDir }: EvalStageSpec,
  found: Results,
): Promise<Benchmark[]> {
  const opened: Benchmark[] = [];
  for (const [i, { path, ...rest }] of benchmarks.entries()) {
    if (path === undefined) {
      opened.push(benchmarkCatalog[rest.name as keyof typeof benchmarkCatalog]);
      continue;
    }
    ctx.emit({ type: "stage.progress", stage: "eval", label: `reading ${rest.name}`, ...uncounted });
    const { benchmark, set } = await openOwn(ctx, { ...rest, path }, i, dataDir);
    found.own = { ...found.own, [rest.name]: set };
    opened.push(benchmark);
  }
  return opened;
}

/** The items of a benchmark for models with this tokenizer. Warns when there are none. */
export async function itemsFor(
  evaluation: Evaluation,
  index: number,
  tokenizer: Tokenizer,
): Promise<Prepared> {
  const { ctx, spec, benchmarks, prepared, told } = evaluation;
  const benchmarkSpec = spec.eval.benchmarks[index]!;
  const { dataDir } = spec;
  const { dir, chatTemplate } = tokenizer;
  const key = JSON.stringify([index, await hashTokenizer(dir), chatTemplate]);
  if (!prepared.has(key)) {
    const label = `reading questions of ${benchmarkSpec.name}`;
    ctx.emit({ type: "stage.progress", stage: "eval", label, ...uncounted });
    prepared.set(key, await makeItems(evaluation, index, tokenizer));
  }
  const made = prepared.get(key)!;
  // Each model is asked, and has the same to tell.
  const warn = (message: string): void => {
    if (!told.has(message)) ctx.emit({ type: "warning", stage: "eval", message });
    told.add(message);
  };
  const { name } = benchmarkSpec;
  const tooLong = made.skipped[tooLongReason] ?? 0;
  if (tooLong > 0)
    warn(`${name}: ${tooLong} of ${made.items.length + tooLong} rows are not asked: ${tooLongReason}`);
  if (made.items.length === 0 && tooLong === 0) {
    const { asksAbout } = benchmarks[index]!;
    warn(
      `${name}: expected held-out ${asksAbout ?? "examples to ask about"}, got none in ` +
        `${dataDir}; it has no figures`,
    );
  }
  return made;
}

/** Makes them, with `change` done to their documents. */
export function makeItems(
  { spec, benchmarks }: Evaluation,
  index: number,
  tokenizer: Tokenizer,
  change?: DocumentChange,
): Promise<Prepared> {
  const { datasets, max_seq_tokens: maxSeqTokens, truncate } = spec.eval;
  const heldOut = { dataDir: spec.dataDir, datasets: datasets ?? undefined, change };
  const environment = { tokenizer, heldOut, maxSeqTokens, truncate };
  return benchmarks[index]!.items(environment, spec.eval.benchmarks[index]!);
}
