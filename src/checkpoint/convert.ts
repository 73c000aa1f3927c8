import { toZebra } from "../model/config/config.ts";
import { type Checkpoint, writeCheckpoint } from "./checkpoint.ts";
import { findModel, openModel } from "./model-folder.ts";
import type { WeightDtype } from "./safetensors/dtype.ts";
import type { NamedTensor } from "./shards.ts";

export interface ConvertOptions {
  /** Layer i becomes global where i % group is 0; the others see a window of `window` keys. */
  layout?: { group: number; window: number };
  /** Default: the format of the weights; where they have several, F32. */
  dtype?: WeightDtype;
  /** The model that an adapter belongs to, if its adapter_config.json names none or the wrong one. */
  base?: string;
}

/**
 * Writes a model again in the `ministral` form: with another layout of layers, in another number format, or
 * with the PEFT adapter at `from` merged into its base model. One tensor is in memory at a time. The
 * tokenizer's files are copied. Values that keep their format keep their bits. `to` appears when it is
 * complete. Throws CheckpointError, ConfigError.
 */
export async function convertCheckpoint(from: string, to: string, options: ConvertOptions): Promise<void> {
  await using checkpoint = await openModel(from, options.base);
  const { config } = checkpoint;
  await writeCheckpoint(to, {
    config: options.layout ? toZebra(config, options.layout) : config,
    tensors: tensorsOf(checkpoint),
    dtype: options.dtype ?? formatOf(checkpoint),
    carryFrom: (await findModel(from, options.base)).tokenizer,
  });
}

async function* tensorsOf(checkpoint: Checkpoint): AsyncGenerator<NamedTensor> {
  for (const name of checkpoint.tensorNames) {
    const { shape, data } = await checkpoint.readTensor(name);
    yield { name, shape, data };
  }
}

function formatOf({ dtypes }: Checkpoint): WeightDtype {
  const [only, ...others] = dtypes;
  return others.length === 0 && (only === "F16" || only === "BF16") ? only : "F32";
}
