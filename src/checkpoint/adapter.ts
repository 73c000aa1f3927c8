import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic, writeFolderAtomic } from "../files.ts";
import { layerModules } from "../model/weights.ts";
import {
  type AdapterConfig,
  adapterScale,
  formatAdapterConfig,
  parseAdapterConfig,
} from "./adapter-config.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { WeightDtype } from "./dtype.ts";
import { readJsonObject } from "./json-file.ts";
import { throwProblems } from "./problems.ts";
import { requireReplaceable } from "./replaceable.ts";
import { openSafetensors, writeSafetensors } from "./safetensors.ts";
import { tensorAt } from "./safetensors-header.ts";
import type { NamedTensor } from "./shards.ts";

/** A LoRA adapter in memory. R is the rank. */
export interface Adapter extends AdapterConfig {
  /** What B·A is multiplied by. */
  scale: number;
  /** Pairs by the weight they adapt, `model.layers.3.self_attn.q_proj.weight`. */
  pairs: ReadonlyMap<string, AdapterPair>;
}

export interface AdapterPair {
  /** [R, in] */
  a: Float32Array;
  /** [out, R] */
  b: Float32Array;
}

const configFile = "adapter_config.json";
const weightsFile = "adapter_model.safetensors";

/** PEFT wraps the model twice, and each wrap shows in its tensors' names. */
const peftPrefix = "base_model.model.";

const modulePaths = Object.values(layerModules).map((path) => path.replace(".", "\\."));
const loraPattern = new RegExp(
  `^(model\\.layers\\.\\d+\\.(?:${modulePaths.join("|")}))\\.lora_([AB])\\.weight$`,
);

/**
 * Reads a PEFT folder (adapter_config.json, adapter_model.safetensors). Throws CheckpointError for what is not
 * plain LoRA on a layer's linear modules, and for tensors that do not pair up or do not have the config's rank.
 */
export async function readAdapter(dir: string): Promise<Adapter> {
  const configPath = join(dir, configFile);
  const config = parseAdapterConfig(await readJsonObject(configPath), configPath);
  const path = join(dir, weightsFile);
  await using file = await openSafetensors(path);
  const problems: string[] = [];
  const sides = new Map<string, { A?: string; B?: string }>();
  for (const { name, shape } of file.tensors.values()) {
    const [, module, side] = loraPattern.exec(withoutPrefix(name)) ?? [];
    if (!module) {
      problems.push(`tensor ${JSON.stringify(name)}: expected lora_A or lora_B of a layer's linear module`);
    } else if (shape.length !== 2 || shape[side === "A" ? 0 : 1] !== config.r) {
      const expected = side === "A" ? `[${config.r}, in]` : `[out, ${config.r}]`;
      problems.push(`tensor "${name}": expected shape ${expected}, got [${shape.join(", ")}]`);
    } else {
      sides.set(`${module}.weight`, { ...sides.get(`${module}.weight`), [side as "A" | "B"]: name });
    }
  }
  for (const [weight, { A, B }] of sides) {
    if (!A || !B) problems.push(`${weight}: expected lora_A and lora_B, got only ${A ? "lora_A" : "lora_B"}`);
  }
  for (const target of config.targetModules ?? []) {
    const isThere = [...sides.keys()].some((weight) => `.${weight}`.endsWith(`.${target}.weight`));
    if (!isThere) problems.push(`target_modules: expected tensors for "${target}", got none`);
  }
  throwProblems(path, problems, "Merge this adapter with the tool that made it.");
  const pairs = new Map<string, AdapterPair>();
  for (const [weight, { A, B }] of sides) {
    pairs.set(weight, { a: (await file.readFloat(A!)).data, b: (await file.readFloat(B!)).data });
  }
  return { ...config, scale: adapterScale(config), pairs };
}

/**
 * Writes an adapter as a PEFT folder, which appears when it is complete. `tensors` are named as `loraName`
 * does. Throws CheckpointError for other names, and for a `dir` that holds something else.
 */
export async function writeAdapter(
  dir: string,
  {
    r,
    alpha,
    targetModules,
    baseModel,
    tensors,
    dtype = "F32",
  }: {
    r: number;
    alpha: number;
    targetModules: string[];
    baseModel: string | null;
    tensors: Iterable<NamedTensor>;
    dtype?: WeightDtype;
  },
): Promise<void> {
  const sources = [...tensors].map(({ name, shape, data }) => {
    if (!loraPattern.test(name)) {
      throw new CheckpointError(
        `${tensorAt(dir, name)}: expected model.layers.<n>.<module>.lora_A.weight or lora_B.weight, got another name. Name it as loraName does.`,
      );
    }
    return { name: `${peftPrefix}${name}`, dtype, shape, read: () => data };
  });
  await requireReplaceable(dir, configFile);
  const config = formatAdapterConfig({ r, alpha, useRslora: false, targetModules, baseModel });
  await writeFolderAtomic(dir, async (folder) => {
    await writeFileAtomic(join(folder, configFile), `${JSON.stringify(config, null, 2)}\n`);
    await writeSafetensors(join(folder, weightsFile), sources);
  });
}

/**
 * W + scale · B·A, summed in float64: weight [out, in], a [R, in], b [out, R] → [out, in], a new array.
 * Source: "LoRA", arXiv 2106.09685. Throws CheckpointError when the sizes do not fit.
 */
export function mergeAdapter(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  r: number,
  scale: number,
): Float32Array {
  const width = a.length / r;
  const height = b.length / r;
  if (!Number.isInteger(width) || !Number.isInteger(height) || weight.length !== width * height) {
    throw new CheckpointError(
      `merge: expected a weight of ${height} × ${width} values for an adapter of rank ${r}, got ${weight.length} values. Check that the adapter belongs to this model.`,
    );
  }
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(width);
  for (let o = 0; o < height; o++) {
    row.fill(0);
    for (let k = 0; k < r; k++) {
      const factor = b[o * r + k]!;
      for (let i = 0; i < width; i++) row[i]! += factor * a[k * width + i]!;
    }
    for (let i = 0; i < width; i++) merged[o * width + i] = weight[o * width + i]! + scale * row[i]!;
  }
  return merged;
}

/**
 * Every tensor of a checkpoint with the adapter merged in, one at a time: for `writeCheckpoint`.
 * Throws CheckpointError when the adapter adapts what the checkpoint does not have.
 */
export async function* mergedTensors(checkpoint: Checkpoint, adapter: Adapter): AsyncGenerator<NamedTensor> {
  const names = new Set(checkpoint.tensorNames);
  const foreign = [...adapter.pairs.keys()].filter((weight) => !names.has(weight));
  throwProblems(
    checkpoint.dir,
    foreign.map(
      (weight) => `tensor "${weight}": expected it here, as the adapter adapts it, got no such tensor`,
    ),
    "Check that the adapter belongs to this model.",
  );
  for (const name of checkpoint.tensorNames) {
    const { shape, data } = await checkpoint.readTensor(name);
    const pair = adapter.pairs.get(name);
    if (!pair) yield { name, shape, data };
    else {
      const [out, width] = shape as [number, number];
      if (pair.a.length !== adapter.r * width || pair.b.length !== out * adapter.r) {
        throw new CheckpointError(
          `${tensorAt(checkpoint.dir, name)}: expected an adapter for shape [${out}, ${width}], got one for [${pair.b.length / adapter.r}, ${pair.a.length / adapter.r}]. Check that the adapter belongs to this model.`,
        );
      }
      yield { name, shape, data: mergeAdapter(data, pair.a, pair.b, adapter.r, adapter.scale) };
    }
  }
}

function withoutPrefix(name: string): string {
  return name.startsWith(peftPrefix) ? name.slice(peftPrefix.length) : "";
}
