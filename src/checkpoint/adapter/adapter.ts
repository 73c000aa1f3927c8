import { join } from "node:path";
import { CheckpointError } from "../../errors.ts";
import { writeFileAtomic, writeFolderAtomic } from "../../files.ts";
import { layerModules } from "../../model/weights.ts";
import { carryTokenizer, type Tuned } from "../carried/carry.ts";
import { adapterFile } from "../file-names.ts";
import { readJsonObject } from "../json-file.ts";
import { throwProblems } from "../problems.ts";
import { requireReplaceable } from "../replaceable.ts";
import type { WeightDtype } from "../safetensors/dtype.ts";
import { tensorAt } from "../safetensors/header.ts";
import { openSafetensors, writeSafetensors } from "../safetensors/safetensors.ts";
import type { NamedTensor } from "../shards.ts";
import {
  type AdapterConfig,
  adapterScale,
  formatAdapterConfig,
  parseAdapterConfig,
} from "./adapter-config.ts";

/** A LoRA adapter in memory. R is the rank. */
export interface Adapter extends AdapterConfig {
  /** The factor of B·A. */
  scale: number;
  /** By the name of the weight that a pair adapts, `model.layers.3.self_attn.q_proj.weight`. */
  pairs: ReadonlyMap<string, AdapterPair>;
}

export interface AdapterPair {
  /** [R, in] */
  a: Float32Array;
  /** [out, R] */
  b: Float32Array;
}

/** PEFT wraps the model twice, and each wrapper adds a part to the tensors' names. */
const peftPrefix = "base_model.model.";

const modulePaths = Object.values(layerModules).map((path) => path.replace(".", "\\."));
const loraPattern = new RegExp(
  `^(model\\.layers\\.\\d+\\.(?:${modulePaths.join("|")}))\\.lora_([AB])\\.weight$`,
);

/**
 * Reads a PEFT folder (adapter_config.json, adapter_model.safetensors). Throws CheckpointError for what is
 * not plain LoRA on a layer's linear modules, for an A without its B, and for a rank that is not the
 * config's.
 */
export async function readAdapter(dir: string): Promise<Adapter> {
  const configPath = join(dir, adapterFile.config);
  const config = parseAdapterConfig(await readJsonObject(configPath), configPath);
  const path = join(dir, adapterFile.weights);
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
 * Writes an adapter as a PEFT folder, which appears when it is complete. `tensors` have the names of
 * `loraName`. Throws CheckpointError for other names, and where `dir` holds something else.
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
    carryFrom,
    tuned,
  }: {
    r: number;
    alpha: number;
    targetModules: string[];
    baseModel: string | null;
    tensors: Iterable<NamedTensor>;
    dtype?: WeightDtype;
    /** A folder whose tokenizer files go with it, and what training changed in them. */
    carryFrom?: string;
    tuned?: Tuned;
  },
): Promise<void> {
  const sources = [...tensors].map(({ name, shape, data }) => {
    if (!loraPattern.test(name)) {
      throw new CheckpointError(
        `${tensorAt(dir, name)}: expected model.layers.<n>.<module>.lora_A.weight or lora_B.weight, ` +
          "got another name. Name it as loraName does.",
      );
    }
    return { name: `${peftPrefix}${name}`, dtype, shape, read: () => data };
  });
  await requireReplaceable(dir, adapterFile.config);
  const config = formatAdapterConfig({ r, alpha, useRslora: false, targetModules, baseModel });
  await writeFolderAtomic(dir, async (folder) => {
    await writeFileAtomic(join(folder, adapterFile.config), `${JSON.stringify(config, null, 2)}\n`);
    if (carryFrom !== undefined) await carryTokenizer(carryFrom, folder, tuned);
    await writeSafetensors(join(folder, adapterFile.weights), sources);
  });
}

function withoutPrefix(name: string): string {
  return name.startsWith(peftPrefix) ? name.slice(peftPrefix.length) : "";
}
