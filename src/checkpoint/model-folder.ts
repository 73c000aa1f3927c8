import { stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { CheckpointError } from "../errors.ts";
import { shippedOrLocal } from "../package-root.ts";
import { tokenizerFile } from "../tokenizer-file-names.ts";
import { readAdapter } from "./adapter/adapter.ts";
import { withAdapter } from "./adapter/merge.ts";
import { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
import { adapterFile, modelFile } from "./file-names.ts";
import { readJsonObject } from "./json-file.ts";

/** Where a model is on disk. */
export interface ModelFolder {
  /** The folder with config.json and the weights. */
  checkpoint: string;
  /** The folder of a PEFT adapter, which is merged into the weights as they are read; null: there is none. */
  adapter: string | null;
  /** The folder with the tokenizer: that of the adapter where it has one, as trainers save it there. */
  tokenizer: string;
}

/** Whether a folder holds a model: that its weights are there is seen when they are opened. */
export async function isCheckpoint(dir: string): Promise<boolean> {
  return isFile(join(dir, modelFile.config));
}

/** Whether a folder holds a PEFT adapter rather than a model. */
export async function isAdapter(dir: string): Promise<boolean> {
  return isFile(join(dir, adapterFile.config));
}

/**
 * Finds the model at `dir`: a checkpoint, or an adapter and its base. The base is `base`, or else the path
 * `base_model_name_or_path` in adapter_config.json, relative to the working directory or to the adapter's
 * folder. Nothing is downloaded. Throws CheckpointError for an adapter whose base is not there, and where
 * `base` is given for a model that is no adapter.
 */
export async function findModel(dir: string, base?: string): Promise<ModelFolder> {
  const folder = resolve(dir);
  if (!(await isAdapter(folder))) {
    if (base === undefined) return { checkpoint: folder, adapter: null, tokenizer: folder };
    throw new CheckpointError(
      `${dir}: expected a PEFT adapter (${adapterFile.config}), because a base model is given, got none. ` +
        "Leave the base out.",
    );
  }
  const checkpoint = await baseOf(folder, base);
  const bringsTokenizer = await isFile(join(folder, tokenizerFile.tokens));
  return { checkpoint, adapter: folder, tokenizer: bringsTokenizer ? folder : checkpoint };
}

/**
 * Opens the model at `dir`, where it is an adapter merged into its base. Throws what `findModel`,
 * `openCheckpoint` and `readAdapter` throw, and CheckpointError where the adapter belongs to another model.
 */
export async function openModel(dir: string, base?: string): Promise<Checkpoint> {
  const { checkpoint, adapter } = await findModel(dir, base);
  if (adapter === null) return openCheckpoint(checkpoint);
  const pairs = await readAdapter(adapter);
  const opened = await openCheckpoint(checkpoint);
  try {
    return withAdapter(opened, pairs);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The folder of an adapter's base model. */
async function baseOf(adapter: string, asked: string | undefined): Promise<string> {
  const path = join(adapter, adapterFile.config);
  const named = (asked && shippedOrLocal(asked)) ?? (await readJsonObject(path)).base_model_name_or_path;
  if (typeof named === "string" && named !== "") {
    const places =
      asked !== undefined || isAbsolute(named) ? [resolve(named)] : [resolve(named), resolve(adapter, named)];
    for (const place of places) if (await isCheckpoint(place)) return place;
  }
  const where = asked === undefined ? `${path}: base_model_name_or_path` : `base model of ${adapter}`;
  throw new CheckpointError(
    `${where}: expected a folder with the base model, got ${JSON.stringify(named ?? null)}. ` +
      "Say where it is: --base DIR, or model.base in a recipe.",
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
