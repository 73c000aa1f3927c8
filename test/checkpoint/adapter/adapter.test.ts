import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAdapter, writeAdapter } from "../../../src/checkpoint/adapter/adapter.ts";
import { readSafetensors, writeSafetensors } from "../../../src/checkpoint/safetensors/safetensors.ts";
import type { NamedTensor } from "../../../src/checkpoint/shards.ts";
import { type LayerModule, layerWeightName, layerWeightShape, loraName } from "../../../src/model/weights.ts";
import { tinyConfig } from "../tiny.ts";

let folder: string;
let dir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-adapter-"));
  dir = join(folder, "adapter");
});
afterEach(() => rm(folder, { recursive: true }));

const config = tinyConfig();
const r = 2;
const alpha = 8;

function pair(layer: number, module: LayerModule): NamedTensor[] {
  const [out, width] = layerWeightShape(config, module) as [number, number];
  const values = (length: number, step: number) =>
    Float32Array.from({ length }, (_, i) => ((i * step) % 7) - 3);
  return [
    { name: loraName(layer, module, "A"), shape: [r, width], data: values(r * width, 3) },
    { name: loraName(layer, module, "B"), shape: [out, r], data: values(out * r, 5) },
  ];
}

const modules = ["q_proj", "down_proj"] as const;
const tensors = [0, 1].flatMap((layer) => modules.flatMap((module) => pair(layer, module)));

const write = () =>
  writeAdapter(dir, { r, alpha, targetModules: [...modules], baseModel: "models/base", tensors });

async function editConfig(changes: Record<string, unknown>): Promise<void> {
  const path = join(dir, "adapter_config.json");
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...changes }));
}

describe("an adapter folder", () => {
  it("has PEFT's names and settings", async () => {
    await write();
    const file = await readSafetensors(join(dir, "adapter_model.safetensors"));
    expect(file.get("base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight")).toEqual({
      dtype: "F32",
      shape: [2, 8],
      data: tensors.find(({ name }) => name === loraName(1, "q_proj", "A"))!.data,
    });
    expect(file.size).toBe(8);
    expect(JSON.parse(await readFile(join(dir, "adapter_config.json"), "utf8"))).toMatchObject({
      peft_type: "LORA",
      task_type: "CAUSAL_LM",
      base_model_name_or_path: "models/base",
      r: 2,
      lora_alpha: 8,
      bias: "none",
      target_modules: ["q_proj", "down_proj"],
    });
  });

  it("comes back as it was written", async () => {
    await write();
    const adapter = await readAdapter(dir);
    expect(adapter).toMatchObject({ r: 2, alpha: 8, scale: 4, baseModel: "models/base", useRslora: false });
    expect([...adapter.pairs.keys()].sort()).toEqual(
      [0, 1].flatMap((layer) => [layerWeightName(layer, "down_proj"), layerWeightName(layer, "q_proj")]),
    );
    const [a, b] = pair(1, "down_proj");
    expect(adapter.pairs.get(layerWeightName(1, "down_proj"))).toEqual({ a: a!.data, b: b!.data });
  });

  it("scales rank-stabilized adapters by alpha / √r", async () => {
    await write();
    await editConfig({ use_rslora: true });
    expect((await readAdapter(dir)).scale).toBe(8 / Math.sqrt(2));
  });

  it("may name its modules by a pattern, or by the ends of their paths", async () => {
    await write();
    await editConfig({ target_modules: "all-linear" });
    expect((await readAdapter(dir)).targetModules).toBeNull();
    await editConfig({ target_modules: ["self_attn.q_proj", "layers.1.mlp.down_proj"] });
    expect((await readAdapter(dir)).pairs.size).toBe(4);
  });

  it("is not written over something else, nor with other tensors", async () => {
    await writeFile(join(folder, "x"), "");
    const args = { r, alpha, targetModules: ["q_proj"], baseModel: null, tensors };
    await expect(writeAdapter(folder, args)).rejects.toThrow(
      "expected a free name or a folder with adapter_config",
    );
    const named = [{ ...tensors[0]!, name: "lm_head.lora_A.weight" }];
    await expect(writeAdapter(dir, { ...args, tensors: named })).rejects.toThrow(
      'tensor "lm_head.lora_A.weight": expected model.layers.<n>.<module>.lora_A.weight',
    );
  });
});

describe("reading refuses", () => {
  it.each<[string, unknown]>([
    ["use_dora", true],
    ["modules_to_save", ["lm_head"]],
    ["bias", "all"],
    ["rank_pattern", { q_proj: 4 }],
    ["layers_to_transform", [0]],
    ["fan_in_fan_out", true],
    ["init_lora_weights", "pissa"],
    ["peft_type", "IA3"],
    ["task_type", "SEQ_CLS"],
    ["r", 0],
    ["lora_alpha", "8"],
    ["target_modules", null],
    ["a_setting_of_tomorrow", { on: true }],
  ])("%s = %j by its name", async (key, value) => {
    await write();
    await editConfig({ [key]: value });
    await expect(readAdapter(dir)).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringMatching(new RegExp(`1 problem\\n  - ${key}: expected .*, got `)),
    });
  });

  it("tensors without a partner, of another rank or place, targets without tensors, at once", async () => {
    await write();
    const prefix = "base_model.model.";
    const zeros = (name: string, shape: number[]) => ({
      name,
      shape,
      dtype: "F32" as const,
      read: () => new Float32Array(shape[0]! * shape[1]!),
    });
    await writeSafetensors(join(dir, "adapter_model.safetensors"), [
      zeros(`${prefix}${loraName(0, "q_proj", "A")}`, [2, 8]),
      zeros(`${prefix}${loraName(0, "k_proj", "A")}`, [3, 8]),
      zeros(`${prefix}model.embed_tokens.lora_embedding_A`, [2, 13]),
      zeros(loraName(0, "q_proj", "B"), [16, 2]),
    ]);
    const error = (await readAdapter(dir).catch((caught: unknown) => caught)) as Error;
    expect(error.message.split("\n").slice(0, -1)).toEqual([
      `${join(dir, "adapter_model.safetensors")}: 5 problems`,
      `  - tensor "${prefix}${loraName(0, "k_proj", "A")}": expected shape [2, in], got [3, 8]`,
      `  - tensor "${prefix}model.embed_tokens.lora_embedding_A": ` +
        "expected lora_A or lora_B of a layer's linear module",
      `  - tensor "${loraName(0, "q_proj", "B")}": expected lora_A or lora_B of a layer's linear module`,
      "  - model.layers.0.self_attn.q_proj.weight: expected lora_A and lora_B, got only lora_A",
      '  - target_modules: expected tensors for "down_proj", got none',
    ]);
  });
});
