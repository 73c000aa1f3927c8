import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { expectedTensors, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { saveAdapter, saveFinal } from "../../src/finetune/save-model.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import type { Network } from "../../src/model/network.ts";
import { allLogits } from "../../src/model/score.ts";
import { layerModules, loraName } from "../../src/model/weights.ts";
import { randomOf } from "../../src/random.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../model/tiny.ts";
import { askPeer } from "./peers-python.ts";

/**
 * transformers and PEFT load what we write and compute the same. Needs a Python that has both:
 * ZEBRATUNE_PEERS_PYTHON=/path/to/python npx vitest run test/interop
 */
interface Reply {
  class: string;
  missing: string[];
  unexpected: string[];
  mismatched: string[];
  layer_types: string[];
  sliding_window: number | null;
  dtype: string;
  adapted: string[] | null;
  logits: number[][];
}

const reason = whyNoPeer("torch", "peft", "transformers.models.ministral");

describe.skipIf(reason !== "")(`transformers' ministral${reason && ` (skipped: ${reason})`}`, () => {
  let work: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "zebratune-interop-"));
  });
  afterAll(() => rm(work, { recursive: true, force: true }));

  function ask(model: string, segments: readonly Int32Array[], adapter: string | null = null) {
    const request = { model, adapter, segments: segments.map((ids) => [...ids]) };
    return askPeer<Reply>("transformers_ministral.py", work, request);
  }

  const llama3 = {
    rope_type: "llama3" as const,
    factor: 4,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 16,
  };
  const cases: {
    name: string;
    config: ZebraConfig;
    dtype: "F32" | "F16" | "BF16";
    maxShardBytes?: number;
  }[] = [
    { name: "grouped queries, tied", config: tinyConfig(), dtype: "F32" },
    { name: "untied, bfloat16", config: tinyConfig({ tie_word_embeddings: false }), dtype: "BF16" },
    { name: "llama3 rope, float16", config: tinyConfig({ rope_scaling: llama3 }), dtype: "F16" },
    {
      name: "linear rope, head_dim of its own, in shards",
      config: tinyConfig({ rope_scaling: { rope_type: "linear", factor: 3 }, head_dim: 6, rope_theta: 500 }),
      dtype: "F32",
      maxShardBytes: 6000,
    },
    { name: "a window of 1", config: tinyConfig({ sliding_window: 1 }), dtype: "F32" },
    {
      name: "no local layer",
      config: tinyConfig({ layer_types: Array(4).fill("full_attention"), sliding_window: null }),
      dtype: "F32",
    },
  ];

  for (const { name, config, dtype, ...options } of cases) {
    it(`loads every tensor and gives our logits: ${name}`, async () => {
      const dir = join(work, name.replaceAll(/\W+/g, "-"));
      await writeNetwork(dir, await tinyNetwork(config), dtype, options);
      const segments = [randomIds(40, config.vocab_size), randomIds(3, config.vocab_size, 2)];
      const theirs = await ask(dir, segments);
      expect(theirs).toMatchObject({
        class: "MinistralForCausalLM",
        missing: [],
        unexpected: [],
        mismatched: [],
        layer_types: config.layer_types,
        dtype: { F32: "torch.float32", F16: "torch.float16", BF16: "torch.bfloat16" }[dtype],
      });
      if (config.sliding_window !== null) expect(theirs.sliding_window).toBe(config.sliding_window);
      await using model = await loadModel(dir);
      for (const [i, ids] of segments.entries()) {
        expect(await model.logits(ids, [ids.length])).toBeAllClose(theirs.logits[i]!, { norm: 2e-6 });
      }
    });
  }

  it("PEFT loads the adapter we write, and the merged model is the same one", async () => {
    const training = { kind: "lora", r: 3, alpha: 12, modules: ["q_proj", "v_proj", "down_proj"] } as const;
    const network = await tinyNetwork(tinyConfig(), training);
    await fillAdapters(network);
    const base = join(work, "base");
    await writeNetwork(base, network, "F32");
    await saveAdapter(network, join(work, "adapter"), base);
    const final = await saveFinal(network, work, {
      tokenizerDir: base,
      baseModel: base,
      saveDtype: "float32",
    });

    const ids = randomIds(40, network.config.vocab_size);
    const ours = await allLogits(network, ids, [ids.length]);
    const [plain, adapted, merged] = [
      await ask(base, [ids]),
      await ask(base, [ids], join(work, "adapter")),
      await ask(final, [ids]),
    ];
    expect(adapted.adapted).toHaveLength(4 * 3 * 2);
    expect(ours).not.toBeAllClose(plain.logits[0]!, { norm: 1e-2 });
    expect(ours).toBeAllClose(adapted.logits[0]!, { norm: 2e-6 });
    expect(ours).toBeAllClose(merged.logits[0]!, { norm: 2e-6 });
  });
});

async function writeNetwork(dir: string, network: Network, dtype: "F32" | "F16" | "BF16", options = {}) {
  const tensors = expectedTensors(network.config).map(({ name, shape }) => ({
    name,
    shape,
    data: host(network, name),
  }));
  const read = tensors.map(async (tensor) => ({ ...tensor, data: await tensor.data }));
  await writeCheckpoint(dir, { config: network.config, tensors: await Promise.all(read), dtype, ...options });
}

/** New adapters change nothing (B is 0): give B values, so that a wrong scale or order shows. */
async function fillAdapters(network: Network): Promise<void> {
  const random = randomOf(3, "adapters");
  for (let layer = 0; layer < network.config.num_hidden_layers; layer++) {
    for (const module of Object.keys(layerModules) as (keyof typeof layerModules)[]) {
      const name = loraName(layer, module, "B");
      if (!network.weights.has(name)) continue;
      const values = await host(network, name);
      for (let i = 0; i < values.length; i++) values[i] = random.normal() * 0.2;
    }
  }
}

async function host(network: Network, name: string): Promise<Float32Array> {
  return (await network.device.read(network.weights.get(name))) as Float32Array;
}
