import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { CheckpointError } from "../errors.ts";
import { toZebra } from "../model/config.ts";
import { type Adapter, mergedTensors, readAdapter } from "./adapter.ts";
import { type Checkpoint, openCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { isFloatDtype, type WeightDtype } from "./dtype.ts";
import type { NamedTensor } from "./shards.ts";

export interface ConvertOptions {
  /** Layer i becomes global when i % group == 0, and the others see a window of `window` keys. */
  layout?: { group: number; window: number };
  /** Default: the format that the checkpoint's embeddings have. */
  dtype?: WeightDtype;
  /** The model that an adapter belongs to, where its adapter_config.json does not say or says wrong. */
  base?: string;
}

/** Whether a folder holds a PEFT adapter rather than a model. */
export async function isAdapter(dir: string): Promise<boolean> {
  return isFile(join(dir, "adapter_config.json"));
}

/**
 * Writes a checkpoint anew in the `ministral` form: with another layout, in another number format, or with the
 * PEFT adapter at `from` merged into its base model. Tensors pass one at a time; the tokenizer's files go along.
 * Values that keep their format keep their bits. Throws CheckpointError, ConfigError; `to` appears when it is whole.
 */
export async function convertCheckpoint(from: string, to: string, options: ConvertOptions): Promise<void> {
  const adapter = (await isAdapter(from)) ? await readAdapter(from) : undefined;
  await using checkpoint = await openCheckpoint(adapter ? await baseOf(from, adapter, options.base) : from);
  const { config, dir } = checkpoint;
  await writeCheckpoint(to, {
    config: options.layout ? toZebra(config, options.layout) : config,
    tensors: adapter ? mergedTensors(checkpoint, adapter) : tensorsOf(checkpoint),
    dtype: options.dtype ?? (await formatOf(checkpoint)),
    carryFrom: dir,
  });
}

async function* tensorsOf(checkpoint: Checkpoint): AsyncGenerator<NamedTensor> {
  for (const name of checkpoint.tensorNames) {
    const { shape, data } = await checkpoint.readTensor(name);
    yield { name, shape, data };
  }
}

async function formatOf(checkpoint: Checkpoint): Promise<WeightDtype> {
  const { dtype } = await checkpoint.readTensor(checkpoint.tensorNames[0]!);
  return isFloatDtype(dtype) && dtype !== "F64" ? dtype : "F32";
}

/** The adapter's base: as asked, or as its config says, a path from here or from the adapter's folder. */
async function baseOf(adapterDir: string, adapter: Adapter, asked: string | undefined): Promise<string> {
  if (asked !== undefined) return resolve(asked);
  const named = adapter.baseModel;
  if (named !== null) {
    const places = isAbsolute(named) ? [named] : [resolve(named), resolve(adapterDir, named)];
    for (const place of places) if (await isFile(join(place, "config.json"))) return place;
  }
  throw new CheckpointError(
    `${join(adapterDir, "adapter_config.json")}: base_model_name_or_path: expected a folder with the base model, ` +
      `got ${JSON.stringify(named)}. Say where it is with --base DIR.`,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
