import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { EngineError } from "../../errors.ts";
import { BufferPool } from "../buffer-pool.ts";
import type { Device, Executable, HostArray, Tensor } from "../device.ts";
import type { EmittedModel } from "../emit.ts";

class CpuTensor implements Tensor {
  readonly device: Device;
  readonly ort: OrtTensor;
  readonly data: HostArray;
  readonly dtype: "float32" | "int32";
  readonly shape: readonly number[];
  isReleased = false;

  constructor(device: Device, data: HostArray, shape: readonly number[]) {
    const size = shape.reduce((n, dim) => n * dim, 1);
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

export interface CpuOptions {
  /** Threads of one program; default: one a core. */
  threads?: number;
}

/** ONNX Runtime on the CPU. Tensors are typed arrays that JavaScript and the kernels share without copies. */
export function cpuDevice(options: CpuOptions = {}): Device {
  const executables = new Set<Executable>();
  const pool = new BufferPool();
  const own = (tensor: Tensor): CpuTensor => {
    if (tensor instanceof CpuTensor) {
      if (!tensor.isReleased) return tensor;
      throw new EngineError(
        `cpu: expected a live tensor, got one of shape [${tensor.shape}] that was released`,
      );
    }
    throw new EngineError(`cpu: expected a tensor of this device, got one of ${tensor.device.name}`);
  };

  const device: Device = {
    name: "cpu",
    sharesHostMemory: true,

    async compile(model: EmittedModel): Promise<Executable> {
      const threads = model.isSerial ? 1 : options.threads;
      const session = await InferenceSession.create(model.bytes, {
        executionProviders: ["cpu"],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: "0" } } },
        ...(threads ? { intraOpNumThreads: threads } : {}),
      });
      const executable: Executable = {
        async run(feeds, into) {
          const inputs: Record<string, OrtTensor> = {};
          for (const [name, tensor] of Object.entries(feeds)) inputs[name] = own(tensor).ort;
          const fetches: Record<string, OrtTensor> = {};
          for (const [name, tensor] of Object.entries(into)) fetches[name] = own(tensor).ort;
          await session.run(inputs, fetches);
        },
        async dispose() {
          executables.delete(executable);
          await session.release();
        },
      };
      executables.add(executable);
      return executable;
    },

    upload: (data, shape) => new CpuTensor(device, data, shape),
    empty: (shape) => new CpuTensor(device, pool.take(shape.reduce((n, dim) => n * dim, 1)), shape),
    zeros(shape) {
      const data = pool.take(shape.reduce((n, dim) => n * dim, 1));
      return new CpuTensor(device, data.fill(0), shape);
    },
    release(...tensors) {
      for (const tensor of tensors) {
        const released = own(tensor);
        released.isReleased = true;
        if (released.data instanceof Float32Array) pool.give(released.data);
      }
    },
    rows(tensor, start, end) {
      const { data, shape } = own(tensor);
      const width = shape.slice(1).reduce((n, dim) => n * dim, 1);
      return new CpuTensor(device, data.subarray(start * width, end * width), [
        end - start,
        ...shape.slice(1),
      ]);
    },
    reshape: (tensor, shape) => new CpuTensor(device, own(tensor).data, shape),
    read: async (tensor) => own(tensor).data,
    async write(tensor, data) {
      own(tensor).data.set(data);
    },
    async clear(tensor) {
      own(tensor).data.fill(0);
    },
    async dispose() {
      for (const executable of executables) await executable.dispose();
    },
  };
  return device;
}
