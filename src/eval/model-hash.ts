import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findModel } from "../checkpoint/model-folder.ts";
import { CheckpointError } from "../errors.ts";
import { readFiles } from "../tokenizer-file-names.ts";

const isTokenizerFile = (name: string): boolean => readFiles.includes(name);
const isModelFile = (name: string): boolean =>
  /\.safetensors$|^(adapter_)?config\.json$/.test(name) || isTokenizerFile(name);

/**
 * sha256 (hex) of everything that decides a model's answers: weights, config and tokenizer, and for an
 * adapter those of its base. Throws CheckpointError for a folder that cannot be read.
 */
export async function hashModel({ dir, base }: { dir: string; base?: string }): Promise<string> {
  const { checkpoint, adapter } = await findModel(dir, base);
  return hashFiles(adapter === null ? [checkpoint] : [checkpoint, adapter], isModelFile);
}

/** sha256 (hex) of the files that decide how text is tokenized. Throws CheckpointError as `hashModel`. */
export async function hashTokenizer(dir: string): Promise<string> {
  return hashFiles([dir], isTokenizerFile);
}

async function hashFiles(dirs: readonly string[], isWanted: (name: string) => boolean): Promise<string> {
  const hash = createHash("sha256");
  for (const dir of dirs) {
    const found = await readdir(dir).catch((cause: unknown) => {
      throw new CheckpointError(`${dir}: expected a checkpoint folder, got none that can be read`, { cause });
    });
    // Adds the files in subfolders, which `readdir` does not list.
    found.push(...readFiles.filter((name) => name.includes("/") && existsSync(join(dir, name))));
    for (const name of found.filter(isWanted).sort()) {
      hash.update(`${name}\0`);
      for await (const chunk of createReadStream(join(dir, name))) hash.update(chunk as Buffer);
    }
  }
  return hash.digest("hex");
}
