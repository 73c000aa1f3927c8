import { EngineError } from "../../errors.ts";
import type { Device, Tensor } from "../device.ts";
import type { DType } from "../graph/dtype.ts";
import { elementCount } from "../graph/element-count.ts";
import type { Pieces } from "./buffer-pieces.ts";

/** Memory that tensors share: those that `rows` and `reshape` made of one another. */
export interface Storage<B> {
  pieces: Pieces<B>;
  isReleased: boolean;
}

/** A range of a storage, seen in a shape. */
export class PiecedTensor<B> implements Tensor {
  readonly device: Device;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly storage: Storage<B>;
  /** Elements [start, end) of the storage. */
  readonly start: number;
  readonly end: number;

  constructor(device: Device, dtype: DType, shape: readonly number[], storage: Storage<B>, start: number) {
    this.device = device;
    this.dtype = dtype;
    this.shape = shape;
    this.storage = storage;
    this.start = start;
    this.end = start + elementCount(shape);
  }
}

/** Checks that a tensor is this device's and was not released. Throws EngineError. */
export function liveTensor<B>(device: Device, tensor: Tensor): PiecedTensor<B> {
  if (!(tensor instanceof PiecedTensor) || tensor.device !== device) {
    throw new EngineError(
      `${device.name}: expected a tensor of this device, got one of ${tensor.device.name}`,
    );
  }
  if (tensor.storage.isReleased) {
    throw new EngineError(
      `${device.name}: expected a live tensor, got one of shape [${tensor.shape}] that was released`,
    );
  }
  return tensor;
}
