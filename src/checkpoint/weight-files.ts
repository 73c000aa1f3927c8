import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { joinInside } from "../files.ts";
import { adapterFile, modelFile } from "./file-names.ts";
import { readJsonObject } from "./json-file.ts";
import { throwProblems } from "./problems.ts";
import type { TensorInfo } from "./safetensors/header.ts";
import { openSafetensors, type SafetensorsFile } from "./safetensors/safetensors.ts";

/** The weights of a folder, in one file or several, of which only the headers were read. */
export interface WeightFiles {
  tensors: ReadonlyMap<string, { file: SafetensorsFile; info: TensorInfo }>;
  close(): Promise<void>;
}

/**
 * Opens `model.safetensors`, or else the shards that `model.safetensors.index.json` names, as transformers
 * does. Throws CheckpointError where there is neither, or index and shards do not agree.
 */
export async function openWeightFiles(dir: string): Promise<WeightFiles> {
  const names = await readFolder(dir);
  if (names.includes(modelFile.weights)) return withFiles([join(dir, modelFile.weights)], collect);
  if (names.includes(modelFile.index)) return openShards(dir);
  throw missingWeights(dir, names);
}

async function readFolder(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const got = code === "ENOENT" ? "nothing there" : code === "ENOTDIR" ? "a file" : String(cause);
    throw new CheckpointError(`${dir}: expected a checkpoint folder, got ${got}. Check the path.`, { cause });
  }
}

function missingWeights(dir: string, names: readonly string[]): CheckpointError {
  const expected = `${dir}: expected ${modelFile.weights} or ${modelFile.index}, got`;
  const pickle = names.find((name) => /\.(bin|pth?|pkl|ckpt)(\.index\.json)?$/.test(name));
  if (pickle) {
    return new CheckpointError(
      `${expected} ${pickle}. Pickle files can run any code when they are read, so they are refused: ` +
        "convert the model to safetensors (in Python: " +
        "AutoModelForCausalLM.from_pretrained(…).save_pretrained(…)).",
    );
  }
  const gguf = names.find((name) => /\.gguf$/i.test(name));
  if (gguf) {
    return new CheckpointError(
      `${expected} ${gguf}. GGUF is llama.cpp's form, often quantized: download the model that it was made ` +
        "from, as safetensors.",
    );
  }
  if (names.includes(adapterFile.config)) {
    return new CheckpointError(
      `${expected} an adapter. Give the folder of the model it belongs to, or of a model it was merged into.`,
    );
  }
  return new CheckpointError(`${expected} neither. Check the path, or download the weights again.`);
}

async function openShards(dir: string): Promise<WeightFiles> {
  const path = join(dir, modelFile.index);
  const shardOf = parseWeightMap(await readJsonObject(path), path);
  const shards = [...new Set(shardOf.values())];
  const there = new Set(await readdir(dir));
  const again = "Download the missing files, or the whole checkpoint, again.";
  const absent = shards.filter((shard) => !there.has(shard));
  throwProblems(
    path,
    absent.map((shard) => `${shard}: expected this file beside the index, got none`),
    again,
  );
  const paths = new Map(shards.map((shard) => [shard, joinInside(dir, shard)]));
  return withFiles([...paths.values()], (files) => {
    const found = new Map(files.map((file) => [file.path, file]));
    const problems: string[] = [];
    const tensors = new Map<string, { file: SafetensorsFile; info: TensorInfo }>();
    for (const [name, shard] of shardOf) {
      const file = found.get(paths.get(shard)!)!;
      const info = file.tensors.get(name);
      if (info) tensors.set(name, { file, info });
      else problems.push(`tensor "${name}": expected it in ${shard}, got no such tensor there`);
    }
    for (const [shard, shardPath] of paths) {
      for (const name of found.get(shardPath)!.tensors.keys()) {
        if (shardOf.get(name) === shard) continue;
        problems.push(
          `tensor "${name}" in ${shard}: expected it in the index for this file, ` +
            `got ${shardOf.get(name) ?? "none"}`,
        );
      }
    }
    throwProblems(path, problems, again);
    return tensors;
  });
}

/**
 * The shard of each tensor. A shard is a plain file name, because the index must not lead out of its folder.
 */
function parseWeightMap(index: Record<string, unknown>, path: string): Map<string, string> {
  const map = index.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    throw new CheckpointError(`${path}: expected an object weight_map, got none. Download the file again.`);
  }
  const problems: string[] = [];
  const shardOf = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard === "string" && /^[^/\\]+\.safetensors$/.test(shard)) shardOf.set(name, shard);
    else {
      problems.push(
        `tensor "${name}": expected the name of a .safetensors file in this folder, ` +
          `got ${JSON.stringify(shard)}`,
      );
    }
  }
  throwProblems(path, problems, "Do not use this checkpoint unless you know why.");
  return shardOf;
}

function collect(files: readonly SafetensorsFile[]): WeightFiles["tensors"] {
  return new Map(
    files.flatMap((file) => [...file.tensors.values()].map((info) => [info.name, { file, info }])),
  );
}

/** Opens all files, and closes them again where one cannot be opened or they do not fit together. */
async function withFiles(
  paths: readonly string[],
  combine: (files: SafetensorsFile[]) => WeightFiles["tensors"],
): Promise<WeightFiles> {
  const files: SafetensorsFile[] = [];
  const close = async () => {
    await Promise.all(files.map((file) => file.close()));
  };
  try {
    for (const path of paths) files.push(await openSafetensors(path));
    return { tensors: combine(files), close };
  } catch (error) {
    await close();
    throw error;
  }
}
