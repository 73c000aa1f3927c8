import { mkdir, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectedTensors, openCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { WeightDtype } from "../../src/checkpoint/safetensors/dtype.ts";
import { writeSafetensors } from "../../src/checkpoint/safetensors/safetensors.ts";
import type { NamedTensor } from "../../src/checkpoint/shards.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import { tinyConfig, tinyTensors } from "./tiny.ts";

let folder: string;
let dir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-checkpoint-"));
  dir = join(folder, "model");
});
afterEach(() => rm(folder, { recursive: true }));

const index = "model.safetensors.index.json";

/** All tensors of a folder, by name. */
async function readAll(): Promise<{ config: ZebraConfig; tensors: NamedTensor[]; dtypes: Set<string> }> {
  await using checkpoint = await openCheckpoint(dir);
  const dtypes = new Set<string>();
  const tensors = [];
  for (const name of checkpoint.tensorNames) {
    const { shape, data, dtype } = await checkpoint.readTensor(name);
    tensors.push({ name, shape, data });
    dtypes.add(dtype);
  }
  return { config: checkpoint.config, tensors, dtypes };
}

async function editJson(name: string, edit: (json: Record<string, unknown>) => void): Promise<void> {
  const path = join(dir, name);
  const json = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  edit(json);
  await writeFile(path, JSON.stringify(json));
}

/** Writes the weights of a config into `dir` as another program might: any tensors, in one file. */
async function rewriteWeights(tensors: readonly NamedTensor[]): Promise<void> {
  const sources = tensors.map(({ name, shape, data }) => ({
    name,
    shape,
    dtype: "F32" as const,
    read: () => data,
  }));
  await writeSafetensors(join(dir, "model.safetensors"), sources);
}

describe("expectedTensors", () => {
  it("has Llama's names and shapes", () => {
    expect(expectedTensors(tinyConfig({ num_hidden_layers: 1 }))).toEqual([
      { name: "model.embed_tokens.weight", shape: [13, 8] },
      { name: "model.layers.0.input_layernorm.weight", shape: [8] },
      { name: "model.layers.0.self_attn.q_proj.weight", shape: [16, 8] },
      { name: "model.layers.0.self_attn.k_proj.weight", shape: [8, 8] },
      { name: "model.layers.0.self_attn.v_proj.weight", shape: [8, 8] },
      { name: "model.layers.0.self_attn.o_proj.weight", shape: [8, 16] },
      { name: "model.layers.0.post_attention_layernorm.weight", shape: [8] },
      { name: "model.layers.0.mlp.gate_proj.weight", shape: [6, 8] },
      { name: "model.layers.0.mlp.up_proj.weight", shape: [6, 8] },
      { name: "model.layers.0.mlp.down_proj.weight", shape: [8, 6] },
      { name: "model.norm.weight", shape: [8] },
      { name: "lm_head.weight", shape: [13, 8] },
    ]);
  });

  it("has no lm_head where embeddings are tied", () => {
    const names = expectedTensors(tinyConfig({ tie_word_embeddings: true })).map(({ name }) => name);
    expect(names.at(-1)).toBe("model.norm.weight");
  });
});

describe("round trip", () => {
  it.each<[WeightDtype, boolean]>([
    ["F32", false],
    ["F16", true],
    ["BF16", false],
  ])("in %s, tied embeddings %s", async (dtype, tied) => {
    const config = tinyConfig({ tie_word_embeddings: tied });
    await writeCheckpoint(dir, { config, tensors: tinyTensors(config), dtype });
    expect(await readAll()).toEqual({ config, tensors: tinyTensors(config), dtypes: new Set([dtype]) });
    expect((await readdir(dir)).sort()).toEqual(["config.json", "model.safetensors"]);
  });

  it("in shards, tensors coming in any order and one by one", async () => {
    const config = tinyConfig();
    async function* backwards() {
      yield* tinyTensors(config).reverse();
    }
    await writeCheckpoint(dir, { config, tensors: backwards(), dtype: "F32", maxShardBytes: 1200 });
    const files = (await readdir(dir)).sort();
    const shards = files.filter((name) => name.endsWith(".safetensors"));
    expect(shards.slice(0, 2)).toEqual([
      `model-00001-of-0000${shards.length}.safetensors`,
      `model-00002-of-0000${shards.length}.safetensors`,
    ]);
    const json = JSON.parse(await readFile(join(dir, index), "utf8"));
    const sizeBytes = tinyTensors(config).reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(json.metadata).toEqual({ total_size: sizeBytes });
    // In the order of the model: 416 bytes of embeddings, 32 of a norm, 512 of q; k would be 16 too many.
    expect(Object.entries(json.weight_map).filter(([, shard]) => shard === shards[0])).toEqual([
      ["model.embed_tokens.weight", shards[0]],
      ["model.layers.0.input_layernorm.weight", shards[0]],
      ["model.layers.0.self_attn.q_proj.weight", shards[0]],
    ]);
    expect((await readAll()).tensors).toEqual(tinyTensors(config));
  });

  it("carries tokenizer files untouched, and nothing else", async () => {
    const from = join(folder, "from");
    await mkdir(from);
    const bytes = Buffer.from([0xff, 0, 0x0d, 0x0a]);
    await writeFile(join(from, "tokenizer.json"), bytes);
    await mkdir(join(from, "additional_chat_templates"));
    await writeFile(join(from, "additional_chat_templates", "tool_use.jinja"), "{{ tools }}");
    await writeFile(join(from, "chat_template.jinja"), "{{ x }}");
    await writeFile(join(from, "config.json"), "not this one");
    await writeFile(join(from, "notes.txt"), "nor this");
    const config = tinyConfig();
    await writeCheckpoint(dir, { config, tensors: tinyTensors(config), dtype: "F32", carryFrom: from });
    expect((await readdir(dir)).sort()).toEqual([
      "additional_chat_templates",
      "chat_template.jinja",
      "config.json",
      "model.safetensors",
      "tokenizer.json",
    ]);
    expect(await readFile(join(dir, "tokenizer.json"))).toEqual(bytes);
    expect(await readFile(join(dir, "additional_chat_templates", "tool_use.jinja"), "utf8")).toBe(
      "{{ tools }}",
    );
    const missing = writeCheckpoint(dir, {
      config,
      tensors: tinyTensors(config),
      dtype: "F32",
      carryFrom: join(folder, "none"),
    });
    await expect(missing).rejects.toThrow("expected a folder with tokenizer files, got none");
  });

  it("takes added files along, in the same step", async () => {
    const config = tinyConfig();
    await writeCheckpoint(dir, {
      config,
      tensors: tinyTensors(config),
      dtype: "F32",
      addFiles: (temporary) => writeFile(join(temporary, "state.json"), "{}"),
    });
    expect(await readFile(join(dir, "state.json"), "utf8")).toBe("{}");
  });
});

describe("writing refuses, and leaves what was there", () => {
  const config = tinyConfig();
  const tensors = tinyTensors(config);
  const [first, ...rest] = tensors as [NamedTensor, ...NamedTensor[]];
  const wrong = { ...first, shape: [8, 13] };

  it.each<[string, NamedTensor[], string]>([
    ["a tensor missing", rest, 'tensor "model.embed_tokens.weight": expected values for it, got none'],
    [
      "a tensor twice",
      [...tensors, first],
      'tensor "model.embed_tokens.weight": expected it once, got it twice',
    ],
    [
      "an unknown tensor",
      [...tensors, { ...first, name: "x" }],
      'tensor "x": expected a tensor that the config asks',
    ],
    [
      "another shape",
      [wrong, ...rest],
      'tensor "model.embed_tokens.weight": expected shape [13, 8], got [8, 13]',
    ],
  ])("%s", async (_, given, message) => {
    await writeCheckpoint(dir, { config, tensors, dtype: "F16" });
    await expect(writeCheckpoint(dir, { config, tensors: given, dtype: "F32" })).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining(message),
    });
    expect((await readAll()).dtypes).toEqual(new Set(["F16"]));
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("a folder that holds something else", async () => {
    await mkdir(dir);
    await writeFile(join(dir, "thesis.txt"), "years of work");
    await expect(writeCheckpoint(dir, { config, tensors, dtype: "F32" })).rejects.toThrow(
      `${dir}: expected a free name or a folder with config.json, got one with 1 other files.`,
    );
    expect(await readdir(dir)).toEqual(["thesis.txt"]);
  });
});

describe("opening refuses", () => {
  const config = tinyConfig();
  const write = (maxShardBytes = 5e9) =>
    writeCheckpoint(dir, { config, tensors: tinyTensors(config), dtype: "F32", maxShardBytes });

  it("tensors that are missing, unknown, of another shape or kind, all at once", async () => {
    await write();
    const tensors = tinyTensors(config).filter(({ name }) => name !== "model.norm.weight");
    tensors[0] = { name: "model.embed_tokens.weight", shape: [1, 8], data: new Float32Array(8) };
    tensors.push({ name: "lm_head.bias", shape: [13], data: new Float32Array(13) });
    const sources = tensors.map(({ name, shape, data }) =>
      name.endsWith("0.input_layernorm.weight")
        ? { name, shape, dtype: "I32" as const, read: () => new Int32Array(8) }
        : { name, shape, dtype: "F32" as const, read: () => data },
    );
    await writeSafetensors(join(dir, "model.safetensors"), sources);
    await expect(openCheckpoint(dir)).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: [
        `${dir}: 4 problems`,
        '  - tensor "model.embed_tokens.weight": expected shape [13, 8], got [1, 8]',
        '  - tensor "model.layers.0.input_layernorm.weight": expected F32, F16, BF16 or F64, got I32',
        '  - tensor "model.norm.weight": expected shape [8], got no such tensor',
        '  - tensor "lm_head.bias": expected none of this name, got one',
        "Check that config.json and the weights belong together.",
      ].join("\n"),
    });
  });

  it("untied embeddings without lm_head, but not tied ones with it, nor old rotary tables", async () => {
    await write();
    await rewriteWeights([
      ...tinyTensors(config),
      { name: "model.layers.0.self_attn.rotary_emb.inv_freq", shape: [2], data: new Float32Array(2) },
    ]);
    await editJson("config.json", (json) => {
      json.tie_word_embeddings = true;
    });
    expect((await readAll()).tensors.map(({ name }) => name)).not.toContain("lm_head.weight");
    await rewriteWeights(tinyTensors(tinyConfig({ tie_word_embeddings: true })));
    await editJson("config.json", (json) => {
      json.tie_word_embeddings = false;
    });
    await expect(openCheckpoint(dir)).rejects.toThrow(
      'tensor "lm_head.weight": expected shape [13, 8], got no such',
    );
  });

  it("a shard that is missing, and one cut short", async () => {
    await write(1200);
    const shard = join(dir, "model-00001-of-00005.safetensors");
    await truncate(shard, 1000);
    await expect(openCheckpoint(dir)).rejects.toThrow(`${shard}: `);
    await unlink(shard);
    await expect(openCheckpoint(dir)).rejects.toThrow(
      `${join(dir, index)}: 1 problem\n  - model-00001-of-00005.safetensors: ` +
        "expected this file beside the index, got none",
    );
  });

  it("an index that leads out of the folder", async () => {
    await write(1200);
    for (const name of [
      "../x.safetensors",
      "/etc/x.safetensors",
      "a/../../x.safetensors",
      "..\\x.safetensors",
      3,
    ]) {
      await editJson(index, (json) => {
        (json.weight_map as Record<string, unknown>)["model.norm.weight"] = name;
      });
      await expect(openCheckpoint(dir)).rejects.toThrow(
        'tensor "model.norm.weight": expected the name of a .safetensors file in this folder, ' +
          `got ${JSON.stringify(name)}`,
      );
    }
  });

  it("an index that does not agree with its shards", async () => {
    await write(1200);
    await editJson(index, (json) => {
      const map = json.weight_map as Record<string, string>;
      map["model.norm.weight"] = map["model.embed_tokens.weight"]!;
    });
    const last = "model-00005-of-00005.safetensors";
    const first = "model-00001-of-00005.safetensors";
    await expect(openCheckpoint(dir)).rejects.toThrow(
      `2 problems\n  - tensor "model.norm.weight": expected it in ${first}, got no such tensor there\n` +
        `  - tensor "model.norm.weight" in ${last}: expected it in the index for this file, got ${first}`,
    );
  });

  it.each([
    ["pytorch_model.bin", "got pytorch_model.bin. Pickle files can run any code when they are read"],
    ["pytorch_model.bin.index.json", "convert the model to safetensors"],
    ["consolidated.00.pth", "Pickle files can run any code"],
    ["adapter_config.json", "got an adapter"],
    ["readme.txt", "got neither"],
  ])("a folder with %s only", async (name, message) => {
    await mkdir(dir);
    await writeFile(join(dir, name), "{}");
    await expect(openCheckpoint(dir)).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining(message),
    });
  });

  it("no folder, a file, a config that is missing, no JSON or wrong", async () => {
    await expect(openCheckpoint(dir)).rejects.toThrow(
      `${dir}: expected a checkpoint folder, got nothing there.`,
    );
    await writeFile(dir, "");
    await expect(openCheckpoint(dir)).rejects.toThrow(`${dir}: expected a checkpoint folder, got a file.`);
    await unlink(dir);
    await write();
    const path = join(dir, "config.json");
    await editJson("config.json", (json) => {
      json.hidden_act = "gelu";
    });
    await expect(openCheckpoint(dir)).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("hidden_act"),
    });
    await writeFile(path, "{");
    await expect(openCheckpoint(dir)).rejects.toThrow(`${path}: expected JSON, got `);
    await unlink(path);
    await expect(openCheckpoint(dir)).rejects.toThrow(`${path}: expected a JSON file, got nothing there.`);
  });

  it("a tensor that the config does not ask for", async () => {
    await write();
    await using checkpoint = await openCheckpoint(dir);
    await expect(checkpoint.readTensor("x")).rejects.toThrow(`${dir}: tensor "x": expected a tensor that`);
  });
});
