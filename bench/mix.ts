/** The mix stage beside the tokenizer library alone on the same texts: the rest is rendering, masks, packing, Parquet. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Native } from "tokenizers";
import { runDataStage } from "../src/datasets/stage.ts";
import { readExamples } from "../src/datasets/store.ts";
import { runMixStage } from "../src/mixing/stage.ts";
import { packagePath } from "../src/package-root.ts";
import { loadRecipe } from "../src/recipe/load.ts";
import { type Case, inTurns, type Row } from "./measure.ts";

/** Texts given to the library at once. */
const batchTexts = 256;

export function mixCases(): Case[] {
  return ["short", "long"].map((length) => {
    const name = `mix ${length}`;
    return { name, run: () => benchMix(name, length) };
  });
}

/** Tokens a second, from examples in Parquet to packs in Parquet, over those that `encodeBatch` alone makes of the same. */
async function benchMix(name: string, length: string): Promise<Row> {
  const runDir = await mkdtemp(join(tmpdir(), "zebra-bench-mix-"));
  try {
    const ctx = { runDir, emit: () => {}, stop: { stopped: false } };
    const recipe = await loadRecipe(packagePath("recipes", "quickstart.yaml"), [
      "mix.budget_tokens=0",
      "mix.weights={}",
      "mix.max_seq_tokens=16384",
    ]);
    const datasets = recipe.data.datasets.map(({ options: _, limit: __, ...dataset }) => ({
      ...dataset,
      options: { length },
      limit: length === "long" ? 100 : 2000,
    }));
    await runDataStage(ctx, { data: { ...recipe.data, datasets }, seed: 1 });
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
    const note = `${(tokens / 1e6).toFixed(1)}M tokens of ${texts.length} messages; roofline: encodeBatch alone`;
    return { name, seconds, rate, unit: "Mtok/s", roofline, ratio: rate / roofline, note };
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}
