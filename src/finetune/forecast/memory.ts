import { parameterCount } from "../../model/cost.ts";
import { bytesPerParameter } from "../update/rule.ts";
import { countMemory } from "./count-memory.ts";
import { type PackShape, trainedParameters } from "./forecast.ts";
import type { TrainingForm } from "./training-form.ts";

/** Bytes of the parts of a training at its peak, on the CPU in float32. */
export interface MemoryForecast {
  /** Of the model, adapters with it. */
  weights: number;
  /** Gradients and optimizer state of what is trained. */
  optimizer: number;
  /** What the forward pass leaves for the backward pass, and what goes from program to program. */
  activations: number;
  /** The compiled programs, and what lies between their inputs and outputs: see `countMemory`. */
  programs: number;
  total: number;
}

/** What ONNX Runtime takes for the programs of a model before the first one runs. Measured: 40 to 55 MB. */
const compiledBytes = 45e6;
/**
 * JavaScript's heap grows while training, and memory that was given back lies between memory in use. What the
 * books of `countMemory` do not explain: of models with 5M and 135M parameters, 30 MB less to 35 MB more.
 */
const betweenBytes = 40e6;

/**
 * What a run uses beyond the process of `zebra plan` before it loads a model: its thread, DuckDB, open packs.
 * Measured: 250 MB when fine-tuning starts, where `zebra plan` has 120.
 */
export const runBytes = 130e6;

const float = 4;

/**
 * Peak of a training on these packs, validated on `held`, on top of what the process uses before it loads
 * anything. Memory is kept from pack to pack, so a mix of lengths takes more than its largest pack.
 */
export async function peakBytes(
  form: TrainingForm,
  packs: readonly PackShape[],
  held: readonly PackShape[] = [],
): Promise<MemoryForecast> {
  const trained = trainedParameters(form.config, form.training);
  const adapters = form.training.kind === "lora" ? trained : 0;
  const weights = float * (parameterCount(form.config).total + adapters);
  const optimizer = bytesPerParameter(form.optimizer.rule) * trained;
  const { tensors, uploads, copies, scratch } = await countMemory(form, packs, held);
  const activations = tensors + uploads;
  const programs = copies + scratch + compiledBytes + betweenBytes;
  return { weights, optimizer, activations, programs, total: weights + optimizer + activations + programs };
}
