import { existsSync } from "node:fs";
import type { StageContext } from "../../contracts/events.ts";
import type { Example } from "../../contracts/example.ts";
import type { BenchmarkSpec } from "../../contracts/recipe.ts";
import { dataPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { mapping } from "../../schema.ts";
import type { Benchmark } from "../benchmark.ts";
import { changeDocument, type DocumentChange } from "../controls/change-document.ts";
import { generativeItems } from "../generative.ts";
import { hashPosition } from "../held-out.ts";
import type { OwnSet } from "../results/results.ts";
import type { scorerCatalog } from "../scorers/index.ts";
import { checkMetrics } from "../scoring/fit-metrics.ts";
import { referencesOf } from "../scoring/references.ts";
import { defaultScoring } from "./default-metrics.ts";
import { ownAsking } from "./known-benchmark.ts";
import { countOverlap } from "./overlap.ts";
import { readOwn } from "./read-own.ts";

/**
 * A benchmark of a test set of one's own. Which rows are asked depends on that set alone: up to `limit` of
 * them, in the order of the hashes of their ids. What cannot be asked, what the recipe leaves open and what
 * is trained on as well is told. Throws DataError where nothing can be asked.
 */
export async function openOwn(
  ctx: StageContext,
  spec: BenchmarkSpec & { path: string },
  index: number,
  dataDir: string,
): Promise<{ benchmark: Benchmark; set: OwnSet }> {
  const { name, path, limit = Number.POSITIVE_INFINITY } = spec;
  const warn = (message: string) => ctx.emit({ type: "warning", stage: "eval", message });
  const { examples, rows, unusable, first, revision } = await readOwn(spec, `eval.benchmarks.${index}`, warn);
  const left = Object.entries(unusable).map(([reason, n]) => `${n} ${reason}`);
  if (examples.length === 0) {
    throw new DataError(
      `${name}: expected rows of ${path} with a question and a right answer, got none of ${rows}` +
        `${left.length === 0 ? "" : ` (${left.join(", ")}; first: ${first})`}. docs/data.md has the forms of rows`,
    );
  }
  if (left.length > 0) {
    warn(
      `${name}: ${rows - examples.length} of ${rows} rows are not asked: ${left.join(", ")}. First: ${first}`,
    );
  }
  const open = defaultScoring(examples.map(referencesOf));
  const metrics = (spec.metrics as (keyof typeof scorerCatalog)[] | undefined) ?? open.metrics;
  checkMetrics(name, metrics, examples);
  const maxNewTokens = spec.max_new_tokens ?? open.maxNewTokens;
  const leftOpen = [
    ...(spec.metrics ? [] : [`metrics: [${open.metrics.join(", ")}]`]),
    ...(spec.max_new_tokens === undefined ? [`max_new_tokens: ${maxNewTokens}`] : []),
  ];
  const chosen = leftOpen.length === 0 ? undefined : `${leftOpen.join(" and ")}, since ${open.because}`;
  if (chosen !== undefined) warn(`${name}: taken as ${chosen}; the recipe may say others`);
  const asked = examples
    .map((example) => ({ example, position: hashPosition(example.id) }))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .slice(0, limit)
    .map(({ example }) => example);
  const overlap = existsSync(dataPaths(dataDir).manifest) ? await countOverlap(dataDir, asked) : undefined;
  if (overlap && overlap.questions > 0) {
    warn(
      `${name}: ${overlap.questions} of ${asked.length} questions are in the training rows, too (first: ` +
        `${overlap.first[0]}), and say little. To take them out of training: data.curate.decontaminate ` +
        `with files: [${path}]`,
    );
  }
  return {
    benchmark: {
      ...ownAsking({ metrics }),
      isControlled: true,
      options: mapping({}),
      async items(environment) {
        const rows = changed(asked, environment.heldOut.change);
        const { items, skipped } = await generativeItems(environment, rows, { maxNewTokens, metrics });
        return { items, skipped: { ...unusable, ...skipped } };
      },
    },
    set: {
      path,
      revision,
      metrics: [...metrics],
      max_new_tokens: maxNewTokens,
      ...(chosen !== undefined && { chosen }),
      rows,
      unusable,
      ...(overlap && { overlap }),
    },
  };
}

function changed(examples: readonly Example[], change: DocumentChange | undefined): readonly Example[] {
  return change ? examples.map((example) => changeDocument(example, change)) : examples;
}
