import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { EngineError } from "../../errors.ts";
import type { Device, Executable, HostArray, Tensor } from "../device.ts";
import type { EmittedModel } from "../emit.ts";

class CpuTensor implements Tensor {
  readonly device: Device;
  readonly ort: OrtTensor;
  readonly data: HostArray;
  readonly dtype: "float32" | "int32";
  readonly shape: readonly number[];

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
  const own = (tensor: Tensor): CpuTensor => {
    if (tensor instanceof CpuTensor) return tensor;
    throw new EngineError(`cpu: expected a tensor of this device, got one of ${tensor.device.name}`);
  };

  const device: Device = {
    name: "cpu",

    async compile(model: EmittedModel): Promise<Executable> {
      const session = await InferenceSession.create(model.bytes, {
        executionProviders: ["cpu"],
        graphOptimizationLevel: "all",
        logSeverityLevel: 3,
        ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
      });
      const executable: Executable = {
        async run(feeds, into) {
          const inputs: Record<string, OrtTensor> = {};
          for (const [name, tensor] of Object.entries(feeds)) inputs[name] = own(tensor).ort;
          const fetches: Record<string, OrtTensor | null> = {};
          for (const { name } of model.outputs) {
            const target = into[name];
            fetches[name] = target ? own(target).ort : null;
          }
          const results = await session.run(inputs, fetches);
          const outputs: Record<string, Tensor> = {};
          for (const { name } of model.outputs) {
            const { data, dims } = results[name]!;
            outputs[name] = into[name] ?? new CpuTensor(device, data as HostArray, dims);
          }
          return outputs;
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
    zeros: (shape) => new CpuTensor(device, new Float32Array(shape.reduce((n, dim) => n * dim, 1)), shape),
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
    async dispose() {
      for (const executable of executables) await executable.dispose();
    },
  };
  return device;
}
