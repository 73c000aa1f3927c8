import { Tensor as OrtTensor } from "onnxruntime-node";
import { EngineError } from "../../errors.ts";
import type { Device, HostArray, Tensor } from "../device.ts";
import { elementCount } from "../graph/element-count.ts";

/** A tensor in host memory, which ONNX Runtime and JavaScript share. */
export class HostTensor implements Tensor {
  readonly device: Device;
  readonly ort: OrtTensor;
  readonly data: HostArray;
  readonly dtype: "float32" | "int32";
  readonly shape: readonly number[];
  isReleased = false;
  /** A number that no other tensor has once its values will not change any more, else 0. */
  frozenId = 0;

  /** Throws EngineError where the shape has not as many elements as there are values. */
  constructor(device: Device, data: HostArray, shape: readonly number[]) {
    const size = elementCount(shape);
    if (size !== data.length) {
      throw new EngineError(`tensor [${shape}]: expected ${size} values, got ${data.length}`);
    }
    this.device = device;
    this.data = data;
    this.shape = shape;
    this.dtype = data instanceof Float32Array ? "float32" : "int32";
    this.ort = new OrtTensor(this.dtype, data, shape);
  }
}

/** Checks that a tensor is in host memory and was not released. Throws EngineError. */
export function readable(deviceName: string, tensor: Tensor): HostTensor {
  if (!(tensor instanceof HostTensor)) {
    throw new EngineError(
      `${deviceName}: expected a tensor of this device, got one of ${tensor.device.name}`,
    );
  }
  if (!tensor.isReleased) return tensor;
  throw new EngineError(
    `${deviceName}: expected a live tensor, got one of shape [${tensor.shape}] that was released`,
  );
}

/** As `readable`, for a tensor that will be written into: a frozen one is an EngineError, too. */
export function writable(deviceName: string, tensor: Tensor): HostTensor {
  const live = readable(deviceName, tensor);
  if (live.frozenId === 0) return live;
  throw new EngineError(`${deviceName}: expected a tensor to write into, got one that was frozen`);
}
