/**
 * The mix stage, beside the tokenizer library alone on the same texts. The difference is rendering, masks,
 * packing and Parquet.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Native } from "tokenizers";
import type { StageContext } from "../src/contracts/events.ts";
import type { DataSpec } from "../src/contracts/recipe.ts";
import { readExamples } from "../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../src/datasets/stage/stage.ts";
import { runMixStage } from "../src/mixing/stage.ts";
import { packagePath } from "../src/package-root.ts";
import { randomOf } from "../src/random.ts";
import { loadRecipe } from "../src/run/recipe/load-recipe.ts";
import { type BenchCase, type BenchRow, inTurns } from "./tools/measure.ts";

/** Texts that the library is given at once. */
const batchTexts = 256;

/** Rows of the largest case: enough that the start of a run hardly counts. */
const manyRows = 20_000;

export function mixCases(): BenchCase[] {
  const cases: [name: string, make: (ctx: StageContext, data: DataSpec) => Promise<void>][] = [
    ["mix short", (ctx, data) => vendored(ctx, data, "short", 2000)],
    ["mix long", (ctx, data) => vendored(ctx, data, "long", 100)],
    [`mix ${manyRows} rows of 2 KB`, rows],
  ];
  return cases.map(([name, make]) => ({ name, run: () => benchMix(name, make) }));
}

function vendored(ctx: StageContext, data: DataSpec, length: string, limit: number): Promise<void> {
  const datasets = data.datasets.map(({ options: _, ...dataset }) => ({
    ...dataset,
    options: { length },
    limit,
  }));
  return runDataStage(ctx, { data: { ...data, datasets }, seed: 1 });
}

/**
 * Rows in Alpaca's form, made of sentences of the vendored texts, so that words are as frequent as in texts
 * that people write.
 */
async function rows(ctx: StageContext, data: DataSpec): Promise<void> {
  await vendored(ctx, data, "short", 2000);
  const sentences: string[] = [];
  for await (const { messages } of readExamples(join(ctx.runDir, "data")))
    for (const { content } of messages) sentences.push(...content.split(/(?<=[.?!])\s/));
  const random = randomOf(1, "mix");
  const prose = (chars: number): string => {
    let text = "";
    while (text.length < chars) text += `${sentences[random.below(sentences.length)]!} `;
    return text;
  };
  const lines = Array.from({ length: manyRows }, () =>
    JSON.stringify({ instruction: prose(200), input: prose(1400), output: prose(400) }),
  );
  const path = join(ctx.runDir, "rows.jsonl");
  await writeFile(path, lines.join("\n"));
  const datasets = [{ name: "rows", path, license: "cc0-1.0" }];
  await runDataStage(ctx, { data: { ...data, datasets }, seed: 1 });
}

/**
 * Millions of tokens per second, from examples in Parquet to packs in Parquet. The roofline is `encodeBatch`
 * alone on the same texts.
 */
async function benchMix(
  name: string,
  make: (ctx: StageContext, data: DataSpec) => Promise<void>,
): Promise<BenchRow> {
  const runDir = await mkdtemp(join(tmpdir(), "zebra-bench-mix-"));
  try {
    const ctx = { runDir, emit: () => {}, stop: { stopped: false } };
    const recipe = await loadRecipe(packagePath("recipes", "quickstart.yaml"), [
      "mix.budget_tokens=0",
      "mix.weights={}",
      "mix.max_seq_tokens=16384",
    ]);
    await make(ctx, recipe.data);
    const dataDir = join(runDir, "data");
    const tokenizerDir = packagePath("checkpoints", "zebra-nano-lcat");
    const texts: string[] = [];
    for await (const { messages, split } of readExamples(dataDir))
      if (split !== "test") for (const { content } of messages) texts.push(content);
    const native = Native.fromFile(join(tokenizerDir, "tokenizer.json"));
    let tokens = 0;
    const encodeAll = async (): Promise<void> => {
      tokens = 0;
      for (let i = 0; i < texts.length; i += batchTexts) {
        const batch = await native.encodeBatch(texts.slice(i, i + batchTexts), { addSpecialTokens: false });
        for (const encoding of batch) tokens += encoding.getIds().length;
      }
    };
    const mix = () => runMixStage(ctx, { mix: recipe.mix, seed: 1, tokenizerDir, dataDir });
    const { seconds, rooflineSeconds } = await inTurns(mix, encodeAll);
    const rate = tokens / seconds / 1e6;
    const roofline = tokens / rooflineSeconds / 1e6;
    const size = `${(tokens / 1e6).toFixed(1)}M tokens of ${texts.length} messages`;
    const note = `${size}; roofline: encodeBatch alone`;
    return { name, seconds, rate, unit: "Mtok/s", roofline, ratio: rate / roofline, note };
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}
