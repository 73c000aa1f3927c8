import type { DType } from "./dtype.ts";
import type { EmittedModel } from "./emit.ts";
import type { Precision } from "./emitter.ts";

export type HostArray = Float32Array | Int32Array;

/**
 * A tensor that lives where its device computes. Shapes are numbers. On the CPU it is a typed array that
 * JavaScript reads as it is; elsewhere `device.read` brings it over.
 */
export interface Tensor {
  readonly device: Device;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/**
 * A compiled program of a device: reads `feeds`, writes every output into the tensor given for it. All feeds are
 * read before anything is written, so a tensor may be fed and written by one run (a sum that grows in place).
 */
export interface Executable {
  run(feeds: Readonly<Record<string, Tensor>>, into: Readonly<Record<string, Tensor>>): Promise<void>;
  dispose(): Promise<void>;
}

/** Where programs run: see devices/. */
export interface Device {
  readonly name: string;
  /** `read` gives the memory itself, so that a loop in JavaScript can change a tensor in place. */
  readonly sharesHostMemory: boolean;
  /**
   * Its products pack the right operand at every run: where that is a weight and the left one has few rows, W xᵀ
   * is faster than x Wᵀ.
   */
  readonly packsRight: boolean;
  /** Of the matrix products in programs compiled for it. */
  readonly precision: Precision;
  /** The precision that stands for float16 here; null: there is none. */
  readonly float16: Precision | null;
  /** From the ONNX bytes or from the schedule of ops in it, as the device likes. */
  compile(model: EmittedModel): Promise<Executable>;
  /** The array belongs to the tensor from then on, which may or may not share it. */
  upload(data: HostArray, shape: readonly number[]): Tensor;
  /** A float32 tensor of no particular values, from memory that was released before where there is some. */
  empty(shape: readonly number[]): Tensor;
  zeros(shape: readonly number[]): Tensor;
  /** Gives tensors of `empty`, `zeros` or a program's outputs back. Using one after that is an EngineError. */
  release(...tensors: readonly Tensor[]): void;
  /** Rows [start, end) of the first axis. Shares memory: writing into it writes the whole. */
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
   * A promise that the tensor's values will not change any more. A device that moves what it is fed at every run
   * may make it part of its programs.
   */
  freeze(tensor: Tensor): void;
  dispose(): Promise<void>;
}
