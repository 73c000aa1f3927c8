/**
 * `npm run golden -- DIR [--device NAME]`: runs every case folder under DIR against numbers of an independent
 * float64 oracle and exits 1 past the bounds. A case: config.json, model.safetensors, case.json,
 * expected.safetensors (`logits`, `loss`, `grad.<name>`, `grad_norm`, after steps `step_losses` and
 * `after.<name>`).
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { modelFile } from "../src/checkpoint/file-names.ts";
import { openSafetensors, type SafetensorsFile } from "../src/checkpoint/safetensors/safetensors.ts";
import type { Device } from "../src/engine/device.ts";
import { openDevice } from "../src/engine/devices/index.ts";
import type { OptimizerName } from "../src/finetune/optimizers/index.ts";
import { createOptimizer, type Optimizer, optimizerStep } from "../src/finetune/update/optimizer.ts";
import type { OptimizerOptions } from "../src/finetune/update/rule.ts";
import { optimizerSettings } from "../src/finetune/update/settings.ts";
import { parseConfig } from "../src/model/config/config.ts";
import type { Training } from "../src/model/layers/layer.ts";
import { compileNetwork } from "../src/model/network.ts";
import { allLogits, supervisedRows, tokenNll } from "../src/model/score.ts";
import { backpropagate } from "../src/model/train/backward.ts";
import { trainedNames } from "../src/model/trained-names.ts";
import { type LayerModule, TensorStore } from "../src/model/weights.ts";

/** Largest relative error (‖got − expected‖ / ‖expected‖) that float32 may show, from the oracle's README. */
const bounds = { logits: 2e-6, loss: 1e-6, gradients: 1e-5, weights: 5e-5 };

interface GoldenCase {
  segments: number[];
  lora: { r: number; alpha: number; target_modules: LayerModule[] } | null;
  /** `name`: default adamw; beside the shared settings, its options by their own names. */
  optimizer:
    | ({ name?: OptimizerName; lr: number; weight_decay: number; max_grad_norm: number } & OptimizerOptions)
    | null;
  steps: number;
}

export interface GoldenLine {
  what: string;
  error: number;
  bound: number;
  /** The tensor that is furthest off, where there are several. */
  worst?: string;
}

/**
 * Every comparison of one case folder on a device. Throws CheckpointError where a file is missing or broken.
 */
export async function runGoldenCase(dir: string, device: Device): Promise<GoldenLine[]> {
  const golden = JSON.parse(readFileSync(join(dir, "case.json"), "utf8")) as GoldenCase;
  const configPath = join(dir, modelFile.config);
  const config = parseConfig(JSON.parse(readFileSync(configPath, "utf8")), configPath);
  await using model = await openSafetensors(join(dir, modelFile.weights));
  await using expected = await openSafetensors(join(dir, "expected.safetensors"));
  const weights = await readAll(device, model, expected);
  const training: Training = golden.lora
    ? { kind: "lora", r: golden.lora.r, alpha: golden.lora.alpha, modules: golden.lora.target_modules }
    : { kind: "full" };
  const network = await compileNetwork(device, config, weights, training);
  const names = trainedNames(config, training);
  const {
    name: optimizerName,
    lr = 0,
    weight_decay = 0,
    max_grad_norm = 1,
    ...options
  } = golden.optimizer ?? {};
  const settings = optimizerSettings(optimizerName, { options, weight_decay, max_grad_norm });
  const optimizer = await createOptimizer(weights, names, settings);

  const ids = (await expected.readInt("input_ids")).data;
  const targets = (await expected.readInt("labels")).data;
  const share = new Float32Array(ids.length).fill(1 / supervisedRows(targets).length);
  const batch = { ids, targets, weights: share, segments: golden.segments };
  const float = async (name: string) => (await expected.readFloat(name)).data;

  const lines: GoldenLine[] = [];
  const line = (what: string, bound: number, error: number, worst?: string) =>
    lines.push({ what, bound, error, ...(worst ? { worst } : {}) });
  line(
    "logits",
    bounds.logits,
    relativeError(await allLogits(network, ids, golden.segments), await float("logits")),
  );
  const nll = await tokenNll(network, ids, targets, golden.segments);
  line("token nll", bounds.logits, relativeError(nll, await float("token_nll")));
  const { loss } = await backpropagate(network, batch, optimizer.gradients);
  line("loss", bounds.loss, relativeError([loss], await float("loss")));
  const gradients = await worstOf(optimizer, optimizer.gradients, "grad", expected);
  line("gradients", bounds.gradients, gradients.error, gradients.worst);
  const norm = Math.sqrt(gradients.squares);
  line("gradient norm", bounds.gradients, relativeError([norm], await float("grad_norm")));

  if (golden.steps > 0 && golden.optimizer) {
    const losses = [loss];
    for (let step = 1; step <= golden.steps; step++) {
      if (step > 1) losses.push((await backpropagate(network, batch, optimizer.gradients)).loss);
      await optimizerStep(optimizer, { step, lr });
    }
    line("step losses", bounds.loss, relativeError(losses, await float("step_losses")));
    const after = await worstOf(optimizer, weights, "after", expected);
    line("weights after steps", bounds.weights, after.error, after.worst);
  }
  return lines;
}

/** The model's tensors, and the adapters among the expected ones under our names. */
async function readAll(device: Device, ...files: SafetensorsFile[]): Promise<TensorStore> {
  const store = new TensorStore(device);
  for (const [i, file] of files.entries()) {
    for (const name of file.tensors.keys()) {
      if (i > 0 && !name.startsWith("lora.")) continue;
      const { shape, data } = await file.readFloat(name);
      store.set(adapterName(name), data, shape);
    }
  }
  return store;
}

/** The oracle writes `lora.<module>.lora_A.weight`, with or without `model.` before `layers`. */
const adapterName = (name: string): string => name.replace(/^lora\.(model\.)?/, "model.");

async function worstOf(optimizer: Optimizer, store: TensorStore, prefix: string, expected: SafetensorsFile) {
  let error = 0;
  let worst = "";
  let squares = 0;
  for (const name of optimizer.names) {
    const got = (await store.device.read(store.get(name))) as Float32Array;
    const key = [name, `lora.${name}`, `lora.${name.replace(/^model\./, "")}`].find((n) =>
      expected.tensors.has(`${prefix}.${n}`),
    );
    if (!key) throw new Error(`${expected.path}: expected ${prefix}.${name}, got no such tensor`);
    const one = relativeError(got, (await expected.readFloat(`${prefix}.${key}`)).data);
    for (const value of got) squares += value * value;
    if (one >= error) [error, worst] = [one, name];
  }
  return { error, worst, squares };
}

function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (got.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (got[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return size === 0 ? Math.sqrt(difference) : Math.sqrt(difference / size);
}

async function main(args: string[]): Promise<number> {
  const options = { device: { type: "string", default: "cpu" } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const root = positionals[0];
  if (!root || !existsSync(root)) {
    console.error(
      `golden: expected a folder of case folders, got ${root ?? "nothing"}. npm run golden -- DIR [--device NAME]`,
    );
    return 2;
  }
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const cases = folders.map(({ name }) => name).filter((name) => existsSync(join(root, name, "case.json")));
  let failures = cases.length === 0 ? 1 : 0;
  const device = await openDevice(values.device).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
  });
  if (!device) return 1;
  for (const name of cases.sort()) {
    try {
      for (const { what, error, bound, worst } of await runGoldenCase(join(root, name), device)) {
        const isOver = !(error <= bound);
        if (isOver) failures++;
        const verdict = isOver ? "PAST" : "ok";
        const where = worst ? `  ${worst}` : "";
        console.log(
          `${name.padEnd(20)} ${what.padEnd(20)} ${error.toExponential(2)}  bound ${bound.toExponential(0)}  ${verdict}${where}`,
        );
      }
    } catch (error) {
      failures++;
      console.log(`${name.padEnd(20)} ${error instanceof Error ? error.message : error}  FAILED`);
    }
  }
  await device.dispose();
  console.log(`${cases.length} cases on ${device.name}, ${failures} comparisons past their bound or failed`);
  return failures > 0 ? 1 : 0;
}

if (import.meta.filename === resolve(process.argv[1] ?? ""))
  process.exitCode = await main(process.argv.slice(2));
