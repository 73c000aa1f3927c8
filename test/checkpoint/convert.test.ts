import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readAdapter, writeAdapter } from "../../src/checkpoint/adapter/adapter.ts";
import { mergeAdapter } from "../../src/checkpoint/adapter/merge.ts";
import { openCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { convertCheckpoint } from "../../src/checkpoint/convert.ts";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { readSafetensors, writeSafetensors } from "../../src/checkpoint/safetensors/safetensors.ts";
import { loraName } from "../../src/model/weights.ts";
import { tinyConfig, tinyTensors } from "./tiny.ts";

let folder: string;
let from: string;
let to: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-convert-"));
  [from, to] = [join(folder, "from"), join(folder, "to")];
});
afterEach(() => rm(folder, { recursive: true }));

const layers = tinyConfig().num_hidden_layers;
const allGlobal = tinyConfig({
  layer_types: Array.from({ length: layers }, () => "full_attention" as const),
  sliding_window: null,
});

/** A checkpoint that says it is a Llama. */
async function writeLlama(dtype: "F32" | "BF16"): Promise<void> {
  await writeCheckpoint(from, { config: allGlobal, tensors: tinyTensors(allGlobal), dtype });
  const path = join(from, "config.json");
  const { layer_types: _, sliding_window: __, ...rest } = JSON.parse(await readFile(path, "utf8"));
  await writeFile(
    path,
    JSON.stringify({ ...rest, model_type: "llama", architectures: ["LlamaForCausalLM"] }),
  );
  await writeFile(join(from, "tokenizer_config.json"), '{"bos_token":"<s>"}');
}

async function logitsOf(dir: string): Promise<Float32Array> {
  await using model = await loadModel(dir);
  return await model.logits(Int32Array.of(1, 5, 3, 7, 2, 6, 4, 1, 2, 3), [10]);
}

it("a Llama in groups of one is the same model, in the ministral form, tokenizer included", async () => {
  await writeLlama("F32");
  await convertCheckpoint(from, to, { layout: { group: 1, window: 4 } });
  expect(await logitsOf(to)).toEqual(await logitsOf(from));
  expect(JSON.parse(await readFile(join(to, "config.json"), "utf8"))).toMatchObject({
    model_type: "ministral",
  });
  expect(await readFile(join(to, "tokenizer_config.json"), "utf8")).toBe('{"bos_token":"<s>"}');
});

it("groups of two make every other layer local, which changes what later tokens see", async () => {
  await writeLlama("F32");
  await convertCheckpoint(from, to, { layout: { group: 2, window: 2 } });
  const config = JSON.parse(await readFile(join(to, "config.json"), "utf8"));
  expect(config.layer_types.slice(0, 2)).toEqual(["full_attention", "sliding_attention"]);
  expect(config.sliding_window).toBe(2);
  const [before, after] = [await logitsOf(from), await logitsOf(to)];
  const V = allGlobal.vocab_size;
  expect(after.subarray(0, 2 * V)).toEqual(before.subarray(0, 2 * V)); // two tokens fit the window
  expect(after.subarray(9 * V)).not.toEqual(before.subarray(9 * V));
});

it("bfloat16 stays bfloat16 to the bit; asked for another format it is that", async () => {
  await writeLlama("BF16");
  await convertCheckpoint(from, to, { layout: { group: 2, window: 2 } });
  await using before = await openCheckpoint(from);
  await using after = await openCheckpoint(to);
  for (const name of before.tensorNames) {
    expect(await after.readTensor(name)).toEqual(await before.readTensor(name));
    expect((await after.readTensor(name)).dtype).toBe("BF16");
  }
  const wide = join(folder, "wide");
  await convertCheckpoint(from, wide, { dtype: "F32" });
  await using float32 = await openCheckpoint(wide);
  expect((await float32.readTensor(before.tensorNames[0]!)).dtype).toBe("F32");
});

it("weights of several formats become float32, which keeps the bits of them all", async () => {
  // The embeddings' format was taken for all: float32 norms were rounded to bfloat16.
  await writeLlama("BF16");
  const path = join(from, "model.safetensors");
  const norm = "model.norm.weight";
  const tensors = [...(await readSafetensors(path))].map(([name, { shape, data }]) =>
    name === norm
      ? { name, shape, dtype: "F32" as const, read: () => (data as Float32Array).fill(1 + 2 ** -23) }
      : { name, shape, dtype: "BF16" as const, read: () => data as Float32Array },
  );
  await writeSafetensors(path, tensors);
  await convertCheckpoint(from, to, {});
  await using before = await openCheckpoint(from);
  await using after = await openCheckpoint(to);
  expect([[...before.dtypes].sort(), [...after.dtypes]]).toEqual([["BF16", "F32"], ["F32"]]);
  expect((await after.readTensor(norm)).data[0]).toBe(1 + 2 ** -23);
  for (const name of before.tensorNames) {
    expect((await after.readTensor(name)).data).toEqual((await before.readTensor(name)).data);
  }
});

it("an adapter is merged into the base that it names, or into the one asked for", async () => {
  await writeLlama("F32");
  const adapterDir = join(folder, "adapter");
  const D = allGlobal.hidden_size;
  const out = allGlobal.num_attention_heads * allGlobal.head_dim;
  const tensors = Array.from({ length: layers }, (_, layer) => [
    { name: loraName(layer, "q_proj", "A"), shape: [1, D], data: new Float32Array(D).fill(0.5) },
    { name: loraName(layer, "q_proj", "B"), shape: [out, 1], data: new Float32Array(out).fill(2) },
  ]).flat();
  const write = (baseModel: string) =>
    writeAdapter(adapterDir, { r: 1, alpha: 3, targetModules: ["q_proj"], baseModel, tensors });
  await write("../from");
  await convertCheckpoint(adapterDir, to, {});
  const { pairs } = await readAdapter(adapterDir);
  await using merged = await openCheckpoint(to);
  for (const { name, data } of tinyTensors(allGlobal)) {
    const pair = pairs.get(name);
    const expected = pair ? mergeAdapter(data, pair.a, pair.b, 1, 3) : data;
    expect((await merged.readTensor(name)).data).toEqual(expected);
  }
  await write("someone/their-model");
  await expect(convertCheckpoint(adapterDir, join(folder, "again"), {})).rejects.toThrow(
    'base_model_name_or_path: expected a folder with the base model, got "someone/their-model". ' +
      "Say where it is: --base DIR, or model.base in a recipe.",
  );
  await convertCheckpoint(adapterDir, join(folder, "again"), { base: from });
  expect(await logitsOf(join(folder, "again"))).toEqual(await logitsOf(to));
});
