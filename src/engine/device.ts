import type { DType } from "./graph/dtype.ts";
import type { EmittedModel } from "./onnx/emit.ts";
import type { Precision } from "./onnx/emitter.ts";

export type HostArray = Float32Array | Int32Array;

/**
 * A tensor that lies where its device computes. Its shape has no symbols. On the CPU it is a typed array that
 * JavaScript can read; elsewhere `device.read` copies it to the host.
 */
export interface Tensor {
  readonly device: Device;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * A compiled program of a device: reads `feeds` and writes every output into the tensor given for it. All
 * feeds are read before anything is written, so one run may be fed a tensor and write into it (a sum that
 * grows in place).
 */
export interface Executable {
  run(feeds: Readonly<Record<string, Tensor>>, into: Readonly<Record<string, Tensor>>): Promise<void>;
  dispose(): Promise<void>;
}

/** Where programs run: see devices/. What does not fit is an EngineError. */
export interface Device {
  readonly name: string;
  /** `read` gives the memory itself, so that JavaScript can change a tensor in place. */
  readonly sharesHostMemory: boolean;
  /**
   * Its products rearrange the right operand at every run. Where that is a weight and the left one has few
   * rows, W xᵀ is faster than x Wᵀ.
   */
  readonly packsRight: boolean;
  /** Of the matrix products in programs compiled for it. */
  readonly precision: Precision;
  /** The precision that means float16 here; null: there is none. */
  readonly float16: Precision | null;
  /** From the model's ONNX bytes or from its schedule of ops, whichever the device uses. */
  compile(model: EmittedModel): Promise<Executable>;
  /** A float32 or int32 tensor of these values, row-major. The array belongs to it from then on. */
  upload(data: HostArray, shape: readonly number[]): Tensor;
  /** A float32 tensor whose values are not set, from memory that was released before where there is some. */
  empty(shape: readonly number[]): Tensor;
  /** A float32 tensor. */
  zeros(shape: readonly number[]): Tensor;
  /**
   * Gives back tensors of `empty`, `zeros` or a program's outputs. Using one after that is an EngineError.
   */
  release(...tensors: readonly Tensor[]): void;
  /** Rows [start, end) of the first axis. They share memory with the tensor: writing into them changes it. */
  rows(tensor: Tensor, start: number, end: number): Tensor;
  /** The same memory under another shape of as many elements. */
  reshape(tensor: Tensor, shape: readonly number[]): Tensor;
  /** The values on the host: the memory itself where `sharesHostMemory`, elsewhere a copy. */
  read(tensor: Tensor): Promise<HostArray>;
  /** Overwrites a tensor's values. */
  write(tensor: Tensor, data: HostArray): Promise<void>;
  /** Overwrites a tensor's values by zeros. */
  clear(tensor: Tensor): Promise<void>;
  /**
   * Promises that the tensor's values will not change any more. A device that moves what it is fed at every
   * run may make such a tensor part of its programs.
   */
  freeze(tensor: Tensor): void;
  dispose(): Promise<void>;
}
