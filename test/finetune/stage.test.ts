import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultsOf } from "../../src/ajv.ts";
import { expectedTensors, openCheckpoint, writeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { openModel } from "../../src/checkpoint/model-folder.ts";
import { openSafetensors } from "../../src/checkpoint/safetensors/safetensors.ts";
import { type RunEvent, Stopped } from "../../src/contracts/events.ts";
import { finetuneSchema } from "../../src/contracts/recipe/finetune.ts";
import type { FinetuneSpec, ModelSpec } from "../../src/contracts/recipe.ts";
import { writeFileAtomic } from "../../src/files.ts";
import { runFinetuneStage } from "../../src/finetune/stage.ts";
import { writePacks } from "../../src/mixing/packs/pack-store.ts";
import { packagePath } from "../../src/package-root.ts";
import { available } from "../engine/available.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../model/tiny.ts";

const spec: FinetuneSpec = {
  ...defaultsOf(finetuneSchema),
  lora: { r: 2, alpha: 4, target_modules: ["q_proj", "down_proj"] },
  device: "cpu",
  lr: 5e-3,
  warmup_steps: 2,
  optimizer: "adamw",
  optimizer_options: {},
  weight_decay: 0.1,
  epochs: 3,
  packs_per_step: 2,
  validate_every_steps: 4,
  checkpoint_every_steps: 3,
};

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "zebratune-finetune-"));
  const network = await tinyNetwork(tinyConfig(), { kind: "none" });
  const tensors = await Promise.all(
    expectedTensors(network.config).map(async ({ name, shape }) => ({
      name,
      shape,
      data: (await network.device.read(network.weights.get(name))) as Float32Array,
    })),
  );
  const carryFrom = packagePath("checkpoints", "zebra-nano-tokenizer");
  await writeCheckpoint(join(root, "base"), { config: network.config, tensors, dtype: "F32", carryFrom });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Packs of a language of one rule, id + 1 follows id: something to learn. */
async function mix(runDir: string): Promise<void> {
  const packs = Array.from({ length: 7 }, (_, p) => {
    const first = randomIds(3, 40, p + 1);
    const ids = Int32Array.from(
      [...first].flatMap((id) => Array.from({ length: 9 }, (_, i) => (id + i) % 61)),
    );
    return {
      input_ids: ids,
      labels: ids.map((id, t) => (t % 9 < 2 ? -100 : id)),
      position_ids: ids.map((_, t) => t % 9),
      seq_lengths: Int32Array.of(9, 9, 9),
      loss_weights: new Float32Array(27).fill(1),
      sources: ["a", "b", "c"],
    };
  });
  await writePacks(join(runDir, "mix", "train"), packs.slice(0, 5));
  await writePacks(join(runDir, "mix", "validation"), packs.slice(5));
  await writeFileAtomic(
    join(runDir, "mix", "manifest.json"),
    JSON.stringify({ train: { longest_tokens: 900 } }),
  );
}

async function train(
  name: string,
  changes: Partial<FinetuneSpec> = {},
  stopAfter = Number.POSITIVE_INFINITY,
  model: ModelSpec = { checkpoint: join(root, "base") },
) {
  const runDir = join(root, name);
  await mix(runDir);
  const events: RunEvent[] = [];
  const stop = { stopped: false };
  const emit = (event: RunEvent) => {
    events.push(event);
    if (event.type === "train.step" && event.step === stopAfter) stop.stopped = true;
  };
  const finetune = { ...spec, ...changes };
  await runFinetuneStage({ runDir, emit, stop }, { finetune, model, seed: 3 });
  return { runDir, events };
}

const validations = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === "train.validation" ? [event.lossNatsPerToken] : []));

const stepsOf = (events: RunEvent[]) =>
  events.flatMap((event) => (event.type === "train.step" ? [event.step] : []));

const withoutTimes = (runDir: string) =>
  readFileSync(join(runDir, "train", "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), tokensPerSecond: 0, memoryBytes: 0 }));

const weightsOf = (runDir: string) => readFileSync(join(runDir, "train", "final", "model.safetensors"));

/** Of the first tensor, after the last step. */
async function firstMoments(runDir: string): Promise<Float32Array> {
  const file = await openSafetensors(join(runDir, "train", "checkpoint-24", "first_moments.safetensors"));
  const { data } = await file.readFloat("model.embed_tokens.weight");
  await file.close();
  return data;
}

describe("the fine-tuning stage", () => {
  it("lowers the validation loss and writes a checkpoint of the same form", async () => {
    const { runDir, events } = await train("plain", { epochs: 8 });
    const losses = validations(events);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5);
    await using checkpoint = await openCheckpoint(join(runDir, "train", "final"));
    expect(checkpoint.config.layer_types).toEqual(tinyConfig().layer_types);
    expect(readdirSync(join(runDir, "train", "final"))).toContain("tokenizer.json");
    expect(readdirSync(join(runDir, "train")).filter((one) => one.startsWith("checkpoint-"))).toHaveLength(2);
  });

  for (const [label, changes] of [
    ["full", {}],
    ["lora", { method: "lora" }],
    ["float16", { compute_dtype: "float16" }],
    ["lion", { optimizer: "lion", lr: 1e-3 }],
  ] as const) {
    it(`stopped anywhere and run again, ${label} ends with the same bits`, async () => {
      const whole = await train("whole", changes);
      expect(whole.events.map(({ type }) => type)).not.toContain("train.resume");
      for (const stopAfter of [2, 5]) {
        const name = `stopped-${stopAfter}`;
        await expect(train(name, changes, stopAfter)).rejects.toBeInstanceOf(Stopped);
        const { runDir, events } = await train(name, changes);
        // From the newest checkpoint, which is that of the stop: no step is made twice.
        expect(stepsOf(events)[0]).toBe(stopAfter + 1);
        const path = join(runDir, "train", `checkpoint-${stopAfter}`);
        const resumed = events.filter(({ type }) => type === "train.resume");
        expect(resumed).toEqual([{ type: "train.resume", step: stopAfter, path }]);
        expect(weightsOf(runDir).equals(weightsOf(whole.runDir))).toBe(true);
        expect(withoutTimes(runDir)).toEqual(withoutTimes(whole.runDir));
      }
    });
  }

  it("lowers the validation loss with Lion too, with one state tensor in its checkpoints", async () => {
    const changes = { optimizer: "lion", optimizer_options: { beta2: 0.98 }, lr: 1e-3, epochs: 8 };
    const { runDir, events } = await train("lion", changes);
    const losses = validations(events);
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5);
    const checkpoint = join(runDir, "train", "checkpoint-24");
    expect(readdirSync(checkpoint).sort()).toEqual([
      "first_moments.safetensors",
      "trainer.json",
      "weights.safetensors",
    ]);
  });

  it("says the length that long context adaptation went to, which a tuning does not change", async () => {
    const positions = async (objective: FinetuneSpec["objective"]) => {
      const { runDir } = await train(objective, { objective, max_steps: 1 });
      const config = join(runDir, "train", "final", "config.json");
      return JSON.parse(readFileSync(config, "utf8")).max_position_embeddings;
    };
    expect(await positions("lcat")).toBe(900);
    expect(await positions("instruct")).toBe(256);
  });

  it("resumes a checkpoint without an optimizer name, and refuses another optimizer", async () => {
    const whole = await train("whole");
    const edit = async (runDir: string, change: (state: Record<string, unknown>) => void) => {
      const path = join(runDir, "train", "checkpoint-2", "trainer.json");
      const state = JSON.parse(readFileSync(path, "utf8"));
      change(state);
      await writeFileAtomic(path, JSON.stringify(state));
    };
    await expect(train("old", {}, 2)).rejects.toBeInstanceOf(Stopped);
    await edit(join(root, "old"), (state) => delete state.optimizer);
    const { runDir, events } = await train("old");
    expect(events.flatMap((event) => (event.type === "train.step" ? [event.step] : []))[0]).toBe(3);
    expect(weightsOf(runDir).equals(weightsOf(whole.runDir))).toBe(true);

    await expect(train("other", {}, 2)).rejects.toBeInstanceOf(Stopped);
    await edit(join(root, "other"), (state) => {
      state.optimizer = "lion";
    });
    await expect(train("other")).rejects.toThrow("expected a checkpoint of optimizer adamw, got one of lion");
  });

  it("goes on from step 10, not from step 9, and only with the training that wrote it", async () => {
    const changes = { method: "lora", epochs: 4, checkpoint_every_steps: 9 } as const;
    await expect(train("tenth", changes, 10)).rejects.toBeInstanceOf(Stopped);
    expect(readdirSync(join(root, "tenth", "train")).sort()).toEqual(
      expect.arrayContaining(["checkpoint-10", "checkpoint-9"]),
    );
    // The same folder, another learning rate: what is there is no part of this training.
    const other = await train("tenth", { ...changes, lr: 1e-3, max_steps: 1 });
    expect(stepsOf(other.events)).toEqual([1]);
    await expect(train("eleventh", changes, 10)).rejects.toBeInstanceOf(Stopped);
    expect(stepsOf((await train("eleventh", changes)).events)).toEqual([11, 12]);
  });

  it("float16 keeps float32 weights, scales the loss, and learns as much", async () => {
    const single = await train("single", { epochs: 8 });
    const half = await train("half", { epochs: 8, compute_dtype: "float16" });
    const [expected, got] = [validations(single.events), validations(half.events)];
    expect(got[0]).not.toBe(expected[0]);
    expect(got[0]).toBeCloseTo(expected[0]!, 2);
    expect(got.at(-1)).toBeLessThan(got[0]! - 0.5);
    expect(Math.abs(got.at(-1)! - expected.at(-1)!)).toBeLessThan(0.1);
    // Gradients are clipped without the loss scale: otherwise moments have another size than in float32,
    // which AdamW's steps do not show.
    const [moments, others] = [await firstMoments(half.runDir), await firstMoments(single.runDir)];
    expect(Math.hypot(...moments)).toBeAllClose(Math.hypot(...others), { rtol: 0.5 });
    const state = join(half.runDir, "train", "checkpoint-24", "trainer.json");
    const { lossScale } = JSON.parse(readFileSync(state, "utf8"));
    expect(lossScale.value).toBeGreaterThan(1);
    expect(Math.log2(lossScale.value) % 1).toBe(0);
  });

  it("weight decay takes from matrices and leaves norms alone", async () => {
    const [without, decayed] = [
      await train("without", { max_steps: 1, lr_schedule: "constant", warmup_steps: 0, weight_decay: 0 }),
      await train("decayed", { max_steps: 1, lr_schedule: "constant", warmup_steps: 0, weight_decay: 10 }),
    ];
    await using base = await openCheckpoint(join(root, "base"));
    await using one = await openCheckpoint(join(without.runDir, "train", "final"));
    await using other = await openCheckpoint(join(decayed.runDir, "train", "final"));
    for (const name of one.tensorNames) {
      const [plain, got] = [(await one.readTensor(name)).data, (await other.readTensor(name)).data];
      if (name.includes("norm")) expect(got).toEqual(plain);
      else {
        const start = (await base.readTensor(name)).data;
        const expected = plain.map((value, i) => value - spec.lr * 10 * start[i]!);
        expect({ [name]: got }).toBeAllClose({ [name]: expected }, { atol: 1e-6 });
      }
    }
  });

  it("LoRA writes an adapter beside the merged model, and changes only its modules", async () => {
    const { runDir } = await train("lora", { method: "lora" });
    expect(readdirSync(join(runDir, "train", "adapter")).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
      "chat_template.jinja",
      "generation_config.json",
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    await using base = await openCheckpoint(join(root, "base"));
    await using final = await openCheckpoint(join(runDir, "train", "final"));
    const same = async (name: string) =>
      Buffer.from((await base.readTensor(name)).data.buffer).equals(
        Buffer.from((await final.readTensor(name)).data.buffer),
      );
    expect(await same("model.layers.1.mlp.up_proj.weight")).toBe(true);
    expect(await same("model.layers.1.mlp.down_proj.weight")).toBe(false);
  });

  it("the adapter on its base is the merged model, also as the start of another training", async () => {
    const { runDir, events } = await train("lora", { method: "lora" });
    const adapter = join(runDir, "train", "adapter");
    await using onBase = await openModel(adapter);
    await using final = await openCheckpoint(join(runDir, "train", "final"));
    for (const name of final.tensorNames) {
      expect((await onBase.readTensor(name)).data).toEqual((await final.readTensor(name)).data);
    }
    const last = validations(events).at(-1)!;
    const never = Number.POSITIVE_INFINITY;
    const again = await train("again", { method: "lora", max_steps: 1 }, never, { checkpoint: adapter });
    expect(validations(again.events)[0]).toBeCloseTo(last, 6);
    expect(readdirSync(join(again.runDir, "train", "final"))).toContain("tokenizer.json");
  });

  it("an adapter trained on a model that is in no folder names no base, and the run says so", async () => {
    const steps = { method: "lora", max_steps: 1 } as const;
    const checkpoint = join(root, "base");
    const never = Number.POSITIVE_INFINITY;
    const baseOf = async (name: string, model: ModelSpec) => {
      const { runDir, events } = await train(name, steps, never, model);
      const path = join(runDir, "train", "adapter", "adapter_config.json");
      const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
      return [JSON.parse(readFileSync(path, "utf8")).base_model_name_or_path, warnings];
    };
    expect(await baseOf("plain", { checkpoint })).toEqual([checkpoint, []]);
    const told = [
      "train/adapter names no base model, as the model it was trained on is in no folder; " +
        "train/final has it merged in",
    ];
    expect(await baseOf("layout", { checkpoint, group: 2, window: 3 })).toEqual([null, told]);
    const adapter = join(root, "plain", "train", "adapter");
    expect(await baseOf("second", { checkpoint: adapter, base: checkpoint })).toEqual([null, told]);
  });

  for (const device of ["tfjs", "webgpu"] as const) {
    it(`begun on the CPU and continued on ${device}, it ends where the CPU ends`, async (context) => {
      const { device: opened, reason } = await available(device);
      if (!opened) return context.skip(reason);
      await opened.dispose();
      const changes = { method: "lora", epochs: 2 } as const;
      const cpu = await train("cpu", changes);
      await expect(train("other", changes, 2)).rejects.toBeInstanceOf(Stopped);
      const other = await train("other", { ...changes, device });
      expect(other.events.find(({ type }) => type === "device")).toEqual({
        type: "device",
        stage: "finetune",
        name: device,
        reason: "as asked",
      });
      expect(stepsOf(other.events)[0]).toBe(3);
      expect(validations(other.events).at(-1)).toBeCloseTo(validations(cpu.events).at(-1)!, 4);
    });
  }

  it("a loss that is no number stops the run and names the step", async () => {
    await expect(train("nan", { lr: 1e30, max_grad_norm: 0, epochs: 20 })).rejects.toMatchObject({
      code: "E_GATE",
    });
  });
});
