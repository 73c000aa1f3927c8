import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { elementCount } from "../engine/graph/element-count.ts";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { modelFile } from "./file-names.ts";
import { throwProblems } from "./problems.ts";
import { writeFully } from "./safetensors/bytes.ts";
import { dtypeBytes, type WeightDtype } from "./safetensors/dtype.ts";
import { formatHeader, type TensorInfo, tensorAt } from "./safetensors/header.ts";
import { writeValues } from "./safetensors/values.ts";

export interface NamedTensor {
  name: string;
  shape: readonly number[];
  /** Row-major. */
  data: Float32Array;
}

/** Where a tensor's values go. */
interface Slot {
  file: FileHandle;
  info: TensorInfo;
}

/**
 * Writes weights into `folder` as one file, or as shards with an index where they take more than
 * `maxShardBytes`. `layout` says which tensors there are and in which order they lie. `tensors` may come in
 * any order, and are in memory one at a time. `where` is the folder's name in errors. Throws CheckpointError
 * where a tensor is missing, comes twice, is not in the layout or has another shape.
 */
export async function writeShards(
  folder: string,
  where: string,
  layout: readonly { name: string; shape: readonly number[] }[],
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  { dtype, maxShardBytes }: { dtype: WeightDtype; maxShardBytes: number },
): Promise<void> {
  const shards = planShards(
    layout.map((tensor) => ({ ...tensor, dtype })),
    maxShardBytes,
  );
  const files: FileHandle[] = [];
  try {
    const slots = new Map<string, Slot>();
    for (const shard of shards) {
      const header = formatHeader(shard.tensors, { format: "pt" }, join(where, shard.name));
      const file = await open(join(folder, shard.name), "wx");
      files.push(file);
      await writeFully(file, header.bytes, 0);
      for (const info of header.tensors) slots.set(info.name, { file, info });
    }
    await fillSlots(slots, tensors, where);
    for (const file of files) await file.sync();
  } finally {
    for (const file of files) await file.close();
  }
  if (shards.length > 1) {
    await writeFileAtomic(join(folder, modelFile.index), `${JSON.stringify(indexOf(shards), null, 2)}\n`);
  }
}

/** Writes every tensor into its slot. */
async function fillSlots(
  slots: Map<string, Slot>,
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  where: string,
): Promise<void> {
  const waiting = new Set(slots.keys());
  for await (const { name, shape, data } of tensors) {
    const slot = slots.get(name);
    if (!slot || !waiting.delete(name)) {
      const expected = slot ? "it once" : "a tensor that the config asks for";
      throw new CheckpointError(
        `${tensorAt(where, name)}: expected ${expected}, got ` +
          `${slot ? "it twice" : "one that it does not"}. Check what is written.`,
      );
    }
    if (`${shape}` !== `${slot.info.shape}`) {
      throw new CheckpointError(
        `${tensorAt(where, name)}: expected shape [${slot.info.shape.join(", ")}], ` +
          `got [${shape.join(", ")}]. Check the config.`,
      );
    }
    await writeValues(slot.file, slot.info, data, where);
  }
  const missing = [...waiting].map((name) => `tensor "${name}": expected values for it, got none`);
  throwProblems(where, missing, "Write every tensor that the config asks for.");
}

interface Shard {
  name: string;
  tensors: { name: string; shape: readonly number[]; dtype: WeightDtype }[];
  sizeBytes: number;
}

/** Fills shards in order; a tensor larger than the limit is alone in its shard. */
function planShards(tensors: Shard["tensors"], maxShardBytes: number): Shard[] {
  const shards: Shard[] = [];
  for (const tensor of tensors) {
    const sizeBytes = elementCount(tensor.shape) * dtypeBytes[tensor.dtype];
    const last = shards.at(-1);
    if (last && last.sizeBytes + sizeBytes <= maxShardBytes) {
      last.tensors.push(tensor);
      last.sizeBytes += sizeBytes;
    } else {
      shards.push({ name: modelFile.weights, tensors: [tensor], sizeBytes });
    }
  }
  if (shards.length > 1) {
    const number = (n: number) => String(n).padStart(5, "0");
    for (const [i, shard] of shards.entries()) {
      shard.name = `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`;
    }
  }
  return shards;
}

/** The contents of the index file. */
function indexOf(shards: readonly Shard[]): object {
  const entries = shards.flatMap((shard) => shard.tensors.map(({ name }) => [name, shard.name] as const));
  const totalBytes = shards.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(entries) };
}
