import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expectedTensors, writeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { modelFile } from "../src/checkpoint/file-names.ts";
import { parseConfig } from "../src/model/config/config.ts";
import { tokenizerFile } from "../src/tokenizer-file-names.ts";

/** The least that is a model: zeros, a few hundred bytes. */
export const smallConfig = {
  model_type: "llama",
  vocab_size: 4,
  hidden_size: 2,
  intermediate_size: 2,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  num_key_value_heads: 1,
  max_position_embeddings: 4096,
};

/** Puts such a model into a folder. Files of a tokenizer that is there stay; without one it gets `{}`. */
export async function writeSmallModel(dir: string): Promise<void> {
  const config = parseConfig(smallConfig, "small model");
  const tensors = expectedTensors(config).map(({ name, shape }) => ({
    name,
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  }));
  const made = join(dirname(dir), `${process.hrtime.bigint()}.model`);
  await writeCheckpoint(made, { config, tensors, dtype: "F32" });
  await mkdir(dir, { recursive: true });
  for (const name of [modelFile.config, modelFile.weights]) await rename(join(made, name), join(dir, name));
  if (!existsSync(join(dir, tokenizerFile.tokens))) await writeFile(join(dir, tokenizerFile.tokens), "{}");
}
