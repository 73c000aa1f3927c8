import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic, writeFolderAtomic } from "../files.ts";
import { formatConfig, parseConfig, type ZebraConfig } from "../model/config/config.ts";
import {
  embeddingName,
  finalNormName,
  layerWeightName,
  layerWeightShape,
  layerWeights,
} from "../model/weights.ts";
import { carryTokenizer, type Tuned } from "./carried/carry.ts";
import { modelFile } from "./file-names.ts";
import { readJsonObject } from "./json-file.ts";
import { throwProblems } from "./problems.ts";
import { requireReplaceable } from "./replaceable.ts";
import { type Dtype, isFloatDtype, torchDtype, type WeightDtype } from "./safetensors/dtype.ts";
import { type NamedTensor, writeShards } from "./shards.ts";
import { openWeightFiles, type WeightFiles } from "./weight-files.ts";

/** An open checkpoint folder; weights are read when asked for. */
export interface Checkpoint extends AsyncDisposable {
  dir: string;
  config: ZebraConfig;
  /** The tensors that the config asks for. All of them are there. */
  tensorNames: string[];
  /** The formats that they are stored in. */
  dtypes: ReadonlySet<Dtype>;
  /**
   * A tensor's values as float32, row-major; `dtype` is that of the file. Throws CheckpointError for a name
   * that the config does not ask for.
   */
  readTensor(name: string): Promise<{ shape: readonly number[]; data: Float32Array; dtype: Dtype }>;
  close(): Promise<void>;
}

export interface CheckpointContents {
  config: ZebraConfig;
  /** Exactly those of `expectedTensors(config)`, in any order. */
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>;
  dtype: WeightDtype;
  /** A folder whose tokenizer files are copied, byte for byte. */
  carryFrom?: string;
  /** What a training changes in them. */
  tuned?: Tuned | undefined;
  /** Weights that take more are split into files of at most this size; default 5 GB, as in transformers. */
  maxShardBytes?: number;
  /** Writes more files into the folder before it appears (the state of a training, a log). */
  addFiles?: (folder: string) => Promise<void>;
}

/**
 * The tensors of a model, in the order of their files: Llama's names, weights [out, in], norms [D]. With tied
 * embeddings there is no lm_head.
 */
export function expectedTensors(config: ZebraConfig): { name: string; shape: readonly number[] }[] {
  const { vocab_size: V, hidden_size: D } = config;
  const tensors: { name: string; shape: readonly number[] }[] = [{ name: embeddingName, shape: [V, D] }];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const weight of layerWeights) {
      tensors.push({ name: layerWeightName(layer, weight), shape: layerWeightShape(config, weight) });
    }
  }
  tensors.push({ name: finalNormName, shape: [D] });
  if (!config.tie_word_embeddings) tensors.push({ name: headName, shape: [V, D] });
  return tensors;
}

/**
 * Opens a Hugging Face folder: config.json and safetensors weights, in one file or in shards. Reads only
 * headers. Throws CheckpointError, with every tensor that is missing, unknown or of another shape at once, or
 * ConfigError.
 */
export async function openCheckpoint(dir: string): Promise<Checkpoint> {
  const files = await openWeightFiles(dir);
  try {
    const path = join(dir, modelFile.config);
    const config = parseConfig(await readJsonObject(path), path);
    checkTensors(dir, config, files.tensors);
    const tensorNames = expectedTensors(config).map(({ name }) => name);
    return {
      dir,
      config,
      tensorNames,
      dtypes: new Set(tensorNames.map((name) => files.tensors.get(name)!.info.dtype)),
      async readTensor(name) {
        const tensor = files.tensors.get(name);
        if (!tensor) {
          throw new CheckpointError(
            `${dir}: tensor ${JSON.stringify(name)}: expected a tensor that the config asks for, ` +
              "got another name. See tensorNames.",
          );
        }
        return tensor.file.readFloat(name);
      },
      close: files.close,
      [Symbol.asyncDispose]: files.close,
    };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/**
 * Writes a Hugging Face folder in the `ministral` form. It appears only when it is complete, and replaces an
 * older checkpoint of that name. Throws CheckpointError where tensors and config do not fit, a value is out
 * of the dtype's range, or the name is taken by something that is no checkpoint.
 */
export async function writeCheckpoint(dir: string, contents: CheckpointContents): Promise<void> {
  const { config, tensors, dtype, carryFrom, tuned, maxShardBytes = 5e9, addFiles } = contents;
  await requireReplaceable(dir, modelFile.config);
  await writeFolderAtomic(dir, async (folder) => {
    const json = `${JSON.stringify(formatConfig(config, torchDtype(dtype)), null, 2)}\n`;
    await writeFileAtomic(join(folder, modelFile.config), json);
    if (carryFrom !== undefined) await carryTokenizer(carryFrom, folder, tuned);
    await writeShards(folder, dir, expectedTensors(config), tensors, { dtype, maxShardBytes });
    await addFiles?.(folder);
  });
}

const headName = "lm_head.weight";

function checkTensors(dir: string, config: ZebraConfig, got: WeightFiles["tensors"]): void {
  const problems: string[] = [];
  const expected = expectedTensors(config);
  for (const { name, shape } of expected) {
    const info = got.get(name)?.info;
    const wanted = `[${shape.join(", ")}]`;
    if (!info) problems.push(`tensor "${name}": expected shape ${wanted}, got no such tensor`);
    else if (`[${info.shape.join(", ")}]` !== wanted) {
      problems.push(`tensor "${name}": expected shape ${wanted}, got [${info.shape.join(", ")}]`);
    } else if (!isFloatDtype(info.dtype)) {
      problems.push(`tensor "${name}": expected F32, F16, BF16 or F64, got ${info.dtype}`);
    }
  }
  const known = new Set(expected.map(({ name }) => name));
  for (const name of got.keys()) {
    if (known.has(name) || isIgnored(name, config)) continue;
    problems.push(`tensor ${JSON.stringify(name)}: expected none of this name, got one`);
  }
  throwProblems(dir, problems, "Check that config.json and the weights belong together.");
}

/**
 * Old Llama checkpoints have the rotary frequencies in them, tied ones may have the embeddings a second time.
 */
function isIgnored(name: string, config: ZebraConfig): boolean {
  return name.endsWith(".rotary_emb.inv_freq") || (name === headName && config.tie_word_embeddings);
}
