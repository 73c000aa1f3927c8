import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAdapter, writeAdapter } from "../../src/checkpoint/adapter/adapter.ts";
import { mergeAdapter } from "../../src/checkpoint/adapter/merge.ts";
import { writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { findModel, openModel } from "../../src/checkpoint/model-folder.ts";
import { layerWeightName, loraName } from "../../src/model/weights.ts";
import { tinyConfig, tinyTensors } from "./tiny.ts";

let folder: string;
let base: string;
let adapter: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-model-folder-"));
  [base, adapter] = [join(folder, "base"), join(folder, "adapter")];
  const config = tinyConfig();
  await writeCheckpoint(base, { config, tensors: tinyTensors(config), dtype: "F32" });
});
afterEach(() => rm(folder, { recursive: true }));

async function write(baseModel: string | null): Promise<void> {
  const tensors = [
    { name: loraName(1, "v_proj", "A"), shape: [2, 8], data: Float32Array.from({ length: 16 }, (_, i) => i) },
    {
      name: loraName(1, "v_proj", "B"),
      shape: [8, 2],
      data: Float32Array.from({ length: 16 }, (_, i) => -i),
    },
  ];
  await writeAdapter(adapter, { r: 2, alpha: 1, targetModules: ["v_proj"], baseModel, tensors });
}

describe("the base of an adapter", () => {
  it("is where its config says: from here, from its folder, or anywhere", async () => {
    for (const named of [base, relative(process.cwd(), base), "../base"]) {
      await write(named);
      expect(await findModel(adapter)).toEqual({ checkpoint: base, adapter, tokenizer: base });
    }
  });

  it("is the one asked for, whatever the config says", async () => {
    const other = join(folder, "other");
    await cp(base, other, { recursive: true });
    await write(base);
    expect(await findModel(adapter, other)).toMatchObject({ checkpoint: other });
    await expect(findModel(adapter, join(folder, "none"))).rejects.toThrow(
      `base model of ${adapter}: expected a folder with the base model, got "${folder}/none". ` +
        "Say where it is: --base DIR, or model.base in a recipe.",
    );
  });

  it("that is not there is named, with the key that says it", async () => {
    for (const named of ["someone/their-model", "", null]) {
      await write(named);
      await expect(openModel(adapter)).rejects.toMatchObject({
        code: "E_CHECKPOINT",
        message:
          `${adapter}/adapter_config.json: base_model_name_or_path: ` +
          `expected a folder with the base model, got ${JSON.stringify(named)}. ` +
          "Say where it is: --base DIR, or model.base in a recipe.",
      });
    }
  });

  it("is refused beside a model that is no adapter", async () => {
    await expect(findModel(base, base)).rejects.toThrow(
      `${base}: expected a PEFT adapter (adapter_config.json), because a base model is given, got none.`,
    );
  });
});

it("an adapter that brings a tokenizer is used with it", async () => {
  await write(base);
  await writeFile(join(adapter, "tokenizer.json"), "{}");
  expect((await findModel(adapter)).tokenizer).toBe(adapter);
});

it("a folder that has a config.json beside the adapter's is an adapter, as for transformers", async () => {
  await write(base);
  await cp(join(base, "config.json"), join(adapter, "config.json"));
  expect((await findModel(adapter)).checkpoint).toBe(base);
});

describe("an opened model", () => {
  it("is the checkpoint itself where there is no adapter", async () => {
    await using model = await openModel(base);
    const [first] = tinyTensors(model.config);
    expect((await model.readTensor(first!.name)).data).toEqual(first!.data);
  });

  it.each([
    [false, 1 / 2],
    [true, 1 / Math.sqrt(2)],
  ])("has the adapter merged in; use_rslora %j scales by %f", async (useRslora, scale) => {
    await write("../base");
    const path = join(adapter, "adapter_config.json");
    const json = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({ ...json, use_rslora: useRslora }));
    const { pairs } = await readAdapter(adapter);
    await using model = await openModel(adapter);
    for (const { name, data } of tinyTensors(model.config)) {
      const pair = pairs.get(name);
      expect(pair !== undefined).toBe(name === layerWeightName(1, "v_proj"));
      const expected = pair ? mergeAdapter(data, pair.a, pair.b, 2, scale) : data;
      expect((await model.readTensor(name)).data, name).toEqual(expected);
    }
  });

  it("that is nothing says so", async () => {
    await mkdir(join(folder, "empty"));
    await expect(openModel(join(folder, "empty"))).rejects.toThrow(
      `${folder}/empty: expected model.safetensors or model.safetensors.index.json, got neither`,
    );
  });
});
