import { type FileHandle, open } from "node:fs/promises";
import { CheckpointError } from "../../errors.ts";
import { writeFileAtomic } from "../../files.ts";
import { readFully, writeFully } from "./bytes.ts";
import type { Dtype, ValueArray, ValueDtype } from "./dtype.ts";
import {
  formatHeader,
  lengthBytes,
  maxHeaderBytes,
  parseHeader,
  type TensorInfo,
  tensorAt,
} from "./header.ts";
import { readFloats, readInts, readValues, writeValues } from "./values.ts";

/**
 * An open file of which only the header was read. Tensors are read when asked for; CheckpointError says what
 * is wrong.
 */
export interface SafetensorsFile extends AsyncDisposable {
  path: string;
  metadata: Readonly<Record<string, string>>;
  /** By name, in the order of their bytes. */
  tensors: ReadonlyMap<string, TensorInfo>;
  /** A tensor of F32, F16, BF16 (exact) or F64 (rounded) as float32. */
  readFloat(name: string): Promise<{ shape: readonly number[]; dtype: Dtype; data: Float32Array }>;
  /** A tensor of I32 or I64 as int32. A value that does not fit is a CheckpointError. */
  readInt(name: string): Promise<{ shape: readonly number[]; dtype: Dtype; data: Int32Array }>;
  /** Values in their own precision: see `readValues`. */
  readAny(name: string): Promise<{ shape: readonly number[]; dtype: Dtype; data: ValueArray }>;
  close(): Promise<void>;
}

export interface StoredTensor {
  dtype: Dtype;
  shape: readonly number[];
  data: ValueArray;
}

/**
 * A tensor to write. `read` is called once, when its turn comes, so that one tensor is in memory at a time.
 */
export interface TensorSource {
  name: string;
  dtype: ValueDtype;
  shape: readonly number[];
  /** Row-major, in the kind of array that reading `dtype` gives: float32 for F16 and BF16. */
  read(): ValueArray | Promise<ValueArray>;
}

/**
 * Opens a safetensors file. Throws CheckpointError where it is missing or cut short, or its header is wrong.
 * Nothing is allocated before its sizes were compared with that of the file.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await openFile(path);
  try {
    return openFileOf(file, path, await readHeader(file, path));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** All tensors of a small file at once. */
export async function readSafetensors(path: string): Promise<Map<string, StoredTensor>> {
  await using file = await openSafetensors(path);
  const tensors = new Map<string, StoredTensor>();
  for (const name of file.tensors.keys()) tensors.set(name, await file.readAny(name));
  return tensors;
}

/**
 * Writes a safetensors file, which appears only when it is complete. Tensors keep their order. Throws
 * CheckpointError where a name comes twice or values do not fit the dtype or shape given for them.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorSource>,
  metadata: Record<string, string> = { format: "pt" },
): Promise<void> {
  const sources = [...tensors];
  const header = formatHeader(sources, metadata, path);
  await writeFileAtomic(path, async (file) => {
    await writeFully(file, header.bytes, 0);
    for (const [i, tensor] of header.tensors.entries()) {
      await writeValues(file, tensor, await sources[i]!.read(), path);
    }
  });
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "nothing there" : String(cause);
    throw new CheckpointError(`${path}: expected a safetensors file, got ${got}. Check the path.`, { cause });
  }
}

async function readHeader(file: FileHandle, path: string) {
  const stat = await file.stat();
  if (!stat.isFile()) {
    throw new CheckpointError(`${path}: expected a safetensors file, got no regular file. Check the path.`);
  }
  const length = new Uint8Array(lengthBytes);
  if (stat.size < length.length) {
    throw new CheckpointError(
      `${path}: expected at least ${length.length} bytes, got ${stat.size}. ` +
        "The file was cut short: copy or download it again.",
    );
  }
  await readFully(file, length, 0, path);
  const headerBytes = new DataView(length.buffer).getBigUint64(0, true);
  const most = Math.min(maxHeaderBytes, stat.size - lengthBytes);
  if (headerBytes > BigInt(most)) {
    throw new CheckpointError(
      `${path}: expected a header of at most ${most} bytes, got ${headerBytes}. ` +
        "Either this is no safetensors file or it was cut short: copy or download it again.",
    );
  }
  const bytes = new Uint8Array(Number(headerBytes));
  await readFully(file, bytes, lengthBytes, path);
  return parseHeader(bytes, stat.size, path);
}

function openFileOf(
  file: FileHandle,
  path: string,
  { tensors, metadata }: ReturnType<typeof parseHeader>,
): SafetensorsFile {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const find = (name: string): TensorInfo => {
    const tensor = byName.get(name);
    if (tensor) return tensor;
    throw new CheckpointError(
      `${tensorAt(path, name)}: expected it in the file, got ${byName.size} tensors of other names. ` +
        "Check the name.",
    );
  };
  const reader =
    <T extends ValueArray>(read: (file: FileHandle, tensor: TensorInfo, path: string) => Promise<T>) =>
    async (name: string) => {
      const tensor = find(name);
      return { shape: tensor.shape, dtype: tensor.dtype, data: await read(file, tensor, path) };
    };
  const close = () => file.close();
  return {
    path,
    metadata,
    tensors: byName,
    readFloat: reader(readFloats),
    readInt: reader(readInts),
    readAny: reader(readValues),
    close,
    [Symbol.asyncDispose]: close,
  };
}
