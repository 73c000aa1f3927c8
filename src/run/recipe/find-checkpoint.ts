import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { modelFile } from "../../checkpoint/file-names.ts";
import { isAdapter, isCheckpoint } from "../../checkpoint/model-folder.ts";
import { quoteForShell } from "../../quote.ts";
import { hubId, nearestPath } from "./near-path.ts";

/**
 * Why there is no checkpoint at a path, with what to do; null where there is one. People give a name on the
 * Hub, a file of another program, or a folder one level too high.
 */
export async function whyNoCheckpoint(path: string): Promise<string | null> {
  if ((await isCheckpoint(path)) || (await isAdapter(path))) return null;
  const expected = `expected a checkpoint folder with ${modelFile.config}, got`;
  const hub = await hubId(path);
  if (hub !== null)
    return `expected a folder on this machine, got a name on the Hugging Face Hub. ${download(hub)}`;
  const found = await stat(path).catch(() => null);
  if (found === null) return `${expected} nothing at ${path}${await nearestPath(path)}`;
  if (found.isFile()) return `${expected} a file at ${path}. ${adviceForFile(path)}`;
  const names = await readdir(path);
  return `${expected} a folder without it at ${path}${await adviceForFolder(path, names)}`;
}

function download(id: string): string {
  const folder = `checkpoints/${basename(id)}`;
  return `Get it first: hf download ${id} --local-dir ${folder}. Then write ${folder}`;
}

const gguf =
  "GGUF is llama.cpp's form, often quantized; training needs the model that it was made from, as safetensors";

function adviceForFile(path: string): string {
  if (/\.gguf$/i.test(path)) return gguf;
  if (/\.safetensors$/i.test(path)) return `Give the folder that it is in: ${dirname(path)}`;
  if (/\.(bin|pth?|pkl|ckpt)$/i.test(path))
    return "Pickle files can run any code when they are read, so they are refused: save the model as safetensors";
  return "Give the folder that has it";
}

async function adviceForFolder(path: string, names: readonly string[]): Promise<string> {
  for (const inside of ["train/final", "final"])
    if (await isCheckpoint(join(path, inside))) return `. Its model is ${join(path, inside)}`;
  const snapshots = join(path, "snapshots");
  for (const name of await readdir(snapshots).catch(() => []))
    if (await isCheckpoint(join(snapshots, name))) return `. Its model is ${join(snapshots, name)}`;
  if (names.some((name) => /\.gguf$/i.test(name))) return `. ${gguf}`;
  if (names.length === 0) return ", which is empty";
  const folders = await Promise.all(
    names.map(async (name) => ((await isCheckpoint(join(path, name))) ? [name] : [])),
  );
  const inside = folders
    .flat()
    .slice(0, 3)
    .map((name) => join(path, name));
  return inside.length === 0 ? "" : `. There are models in it: ${inside.map(quoteForShell).join(", ")}`;
}
