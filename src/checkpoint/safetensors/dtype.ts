import type { TorchDtype } from "../../model/config/config.ts";

/**
 * Element types of safetensors files and their sizes in bytes. Values are little-endian, as on every host
 * that onnxruntime-node runs on. Source: https://github.com/huggingface/safetensors, `Dtype` in
 * `safetensors/src/tensor.rs`.
 */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;

export type Dtype = keyof typeof dtypeBytes;

/**
 * What weights may be stored as: PyTorch's names, which configs and options use, and those of safetensors
 * files.
 */
export const weightDtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const satisfies Record<
  TorchDtype,
  Dtype
>;

export type WeightDtype = (typeof weightDtypes)[TorchDtype];

/** PyTorch's name of a format of weights. */
export function torchDtype(dtype: WeightDtype): TorchDtype {
  const names = Object.keys(weightDtypes) as TorchDtype[];
  return names.find((name) => weightDtypes[name] === dtype)!;
}

/**
 * The arrays for values in memory. Float32 is used for the half precisions, because it has all their values.
 */
const valueArrays = {
  F32: Float32Array,
  F16: Float32Array,
  BF16: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const satisfies { [D in Dtype]?: new (length: number) => ValueArray };

/** Dtypes whose values can be read and written here; of the others only the size is known. */
export type ValueDtype = keyof typeof valueArrays;

export type ValueArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export function isDtype(name: unknown): name is Dtype {
  return typeof name === "string" && Object.hasOwn(dtypeBytes, name);
}

export function isValueDtype(dtype: Dtype): dtype is ValueDtype {
  return Object.hasOwn(valueArrays, dtype);
}

export function isFloatDtype(dtype: Dtype): dtype is WeightDtype | "F64" {
  return dtype === "F32" || dtype === "F16" || dtype === "BF16" || dtype === "F64";
}

/** Zeros, in the kind of array that holds values of `dtype`. */
export function createValues(dtype: ValueDtype, length: number): ValueArray {
  return new valueArrays[dtype](length);
}

/** Whether `values` is the kind of array that holds values of `dtype`. */
export function holdsDtype(values: ValueArray, dtype: ValueDtype): boolean {
  return values instanceof valueArrays[dtype];
}
