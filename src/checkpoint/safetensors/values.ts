import type { FileHandle } from "node:fs/promises";
import { elementCount } from "../../engine/graph/element-count.ts";
import { CheckpointError } from "../../errors.ts";
import { readFully, writeFully } from "./bytes.ts";
import {
  createValues,
  dtypeBytes,
  holdsDtype,
  isFloatDtype,
  isValueDtype,
  type ValueArray,
  type ValueDtype,
} from "./dtype.ts";
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from "./half.ts";
import { type TensorInfo, tensorAt } from "./header.ts";

/** Values converted at a time between the file's dtype and the one in memory. */
const chunkValues = 2 ** 20;

/**
 * Values of a tensor, row-major and exact: F32, F16 and BF16 as float32, F64 as float64, I32, I64, U8 and
 * BOOL as they are. Throws CheckpointError for other dtypes.
 */
export async function readValues(file: FileHandle, tensor: TensorInfo, path: string): Promise<ValueArray> {
  const where = tensorAt(path, tensor.name);
  if (!isValueDtype(tensor.dtype)) {
    throw new CheckpointError(
      `${where}: expected F32, F16, BF16, F64, I32, I64, U8 or BOOL, got ${tensor.dtype}. ` +
        "Convert the tensor to one of them.",
    );
  }
  const values = allocate(tensor.dtype, elementCount(tensor.shape), where);
  if (tensor.dtype === "F16" || tensor.dtype === "BF16") {
    await readHalves(file, tensor, values as Float32Array, where);
  } else {
    await readFully(file, bytesOf(values), tensor.begin, where);
  }
  return values;
}

/**
 * Values of a tensor of floats as float32 (F64 is rounded). Throws CheckpointError for other dtypes, and for
 * a float64 too large for float32.
 */
export async function readFloats(file: FileHandle, tensor: TensorInfo, path: string): Promise<Float32Array> {
  const where = tensorAt(path, tensor.name);
  if (!isFloatDtype(tensor.dtype)) {
    throw new CheckpointError(
      `${where}: expected floats (F32, F16, BF16 or F64), got ${tensor.dtype}. ` +
        "Convert the tensor to one of them.",
    );
  }
  const values = await readValues(file, tensor, path);
  if (values instanceof Float32Array) return values;
  const floats = Float32Array.from(values as Float64Array);
  requireInRange(values as Float64Array, (i) => Number.isFinite(floats[i]), "F32", where);
  return floats;
}

/**
 * Values of a tensor of I32 or I64 as int32. Throws CheckpointError for other dtypes, and for values out of
 * the range of int32.
 */
export async function readInts(file: FileHandle, tensor: TensorInfo, path: string): Promise<Int32Array> {
  const where = tensorAt(path, tensor.name);
  if (tensor.dtype !== "I32" && tensor.dtype !== "I64") {
    throw new CheckpointError(
      `${where}: expected integers (I32 or I64), got ${tensor.dtype}. Convert the tensor to one of them.`,
    );
  }
  const values = await readValues(file, tensor, path);
  if (values instanceof Int32Array) return values;
  return Int32Array.from(values as BigInt64Array, (value) => {
    if (value === BigInt.asIntN(32, value)) return Number(value);
    throw new CheckpointError(`${where}: expected integers of 32 bits, got ${value}. Use smaller values.`);
  });
}

/**
 * Writes `values` at the tensor's place in the file, converted to its dtype. Throws CheckpointError where
 * their kind or number is not the tensor's, or a finite value would become infinite.
 */
export async function writeValues(
  file: FileHandle,
  tensor: TensorInfo,
  values: ValueArray,
  path: string,
): Promise<void> {
  const { dtype, shape } = tensor;
  const where = tensorAt(path, tensor.name);
  if (!isValueDtype(dtype) || !holdsDtype(values, dtype)) {
    throw new CheckpointError(
      `${where}: expected values that ${dtype} holds, got ${values.constructor.name}. ` +
        "Pass them in the kind of array that reading gives.",
    );
  }
  if (values.length !== elementCount(shape)) {
    throw new CheckpointError(
      `${where}: expected ${elementCount(shape)} values (shape [${shape.join(", ")}]), ` +
        `got ${values.length}. Pass the whole tensor.`,
    );
  }
  if (dtype === "F16" || dtype === "BF16") {
    await writeHalves(file, { ...tensor, dtype }, values as Float32Array, where);
  } else {
    await writeFully(file, bytesOf(values), tensor.begin);
  }
}

async function readHalves(
  file: FileHandle,
  tensor: TensorInfo,
  values: Float32Array,
  where: string,
): Promise<void> {
  const decode = tensor.dtype === "F16" ? f16ToF32 : bf16ToF32;
  const chunk = new Uint16Array(Math.min(values.length, chunkValues));
  for (let start = 0; start < values.length; start += chunkValues) {
    const bits = chunk.subarray(0, values.length - start);
    await readFully(file, bytesOf(bits), tensor.begin + start * dtypeBytes[tensor.dtype], where);
    decode(bits, values.subarray(start, start + bits.length));
  }
}

async function writeHalves(
  file: FileHandle,
  tensor: TensorInfo & { dtype: "F16" | "BF16" },
  values: Float32Array,
  where: string,
): Promise<void> {
  const encode = tensor.dtype === "F16" ? f32ToF16 : f32ToBf16;
  const exponent = tensor.dtype === "F16" ? 0x7c00 : 0x7f80;
  const chunk = new Uint16Array(Math.min(values.length, chunkValues));
  for (let start = 0; start < values.length; start += chunkValues) {
    const bits = chunk.subarray(0, values.length - start);
    const part = values.subarray(start, start + bits.length);
    encode(part, bits);
    requireInRange(part, (i) => (bits[i]! & exponent) !== exponent, tensor.dtype, where);
    await writeFully(file, bytesOf(bits), tensor.begin + start * dtypeBytes[tensor.dtype]);
  }
}

/** Checks that no finite value became infinite: that would silently destroy a weight. */
function requireInRange(
  values: Float32Array | Float64Array,
  staysFinite: (index: number) => boolean,
  dtype: string,
  where: string,
): void {
  for (let i = 0; i < values.length; i++) {
    if (!staysFinite(i) && Number.isFinite(values[i])) {
      throw new CheckpointError(
        `${where}: expected values in the range of ${dtype}, got ${values[i]}. ` +
          "Use a dtype with a wider range (BF16 or F32).",
      );
    }
  }
}

function allocate(dtype: ValueDtype, length: number, where: string): ValueArray {
  try {
    return createValues(dtype, length);
  } catch (cause) {
    throw new CheckpointError(
      `${where}: expected a tensor that fits the memory, got ${length} values. ` +
        "Split it, or use a machine with more memory.",
      { cause },
    );
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
