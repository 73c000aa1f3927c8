import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { EngineError } from "../errors.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Device, Executable, HostArray, Tensor } from "./device.ts";
import { elementCount } from "./element-count.ts";
import { type EmittedModel, emitOnnx } from "./emit.ts";

class HostTensor implements Tensor {
  readonly device: Device;
  readonly ort: OrtTensor;
  readonly data: HostArray;
  readonly dtype: "float32" | "int32";
  readonly shape: readonly number[];
  isReleased = false;
  /** A number of its own where its values will not change any more, else 0. */
  frozenId = 0;

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

export interface HostOptions {
  name: string;
  /** ONNX Runtime's name of what computes. */
  provider: "cpu" | "cuda";
  /** Threads of one program; default: one a core. */
  threads?: number;
  /**
   * Frozen tensors become part of the programs that are fed them, one compiled program for each set of them:
   * they are moved to where it computes once, and not at every run.
   */
  bakesFrozen?: boolean;
}

/** ONNX Runtime on host memory. Tensors are typed arrays that JavaScript and the kernels share without copies. */
export function hostDevice(options: HostOptions): Device {
  const executables = new Set<Executable>();
  const pool = new BufferPool();
  const own = (tensor: Tensor): HostTensor => {
    if (tensor instanceof HostTensor) {
      if (!tensor.isReleased) return tensor;
      throw new EngineError(
        `${options.name}: expected a live tensor, got one of shape [${tensor.shape}] that was released`,
      );
    }
    throw new EngineError(
      `${options.name}: expected a tensor of this device, got one of ${tensor.device.name}`,
    );
  };

  const live = (tensor: Tensor): HostTensor => {
    const writable = own(tensor);
    if (writable.frozenId === 0) return writable;
    throw new EngineError(`${options.name}: expected a tensor to write into, got one that was frozen`);
  };
  let frozen = 0;

  const device: Device = {
    name: options.name,
    sharesHostMemory: true,
    packsRight: options.provider === "cpu",
    precision: "float32",
    float16: options.provider === "cpu" ? "rounded16" : "float16",

    async compile(model: EmittedModel): Promise<Executable> {
      const threads = model.isSerial ? 1 : options.threads;
      const open = (bytes: Uint8Array): Promise<InferenceSession> =>
        InferenceSession.create(bytes, {
          executionProviders: [options.provider],
          graphOptimizationLevel: "all",
          // Patterns plan one block of memory for each new shape: packs differ in length, so blocks would pile up.
          enableMemPattern: false,
          logSeverityLevel: 3,
          extra: { session: { intra_op: { allow_spinning: "0" } } },
          ...(threads ? { intraOpNumThreads: threads } : {}),
        });
      const sessions = new Map([["", await open(model.bytes)]]);
      const sessionFor = async (baked: Readonly<Record<string, HostTensor>>): Promise<InferenceSession> => {
        const key = Object.entries(baked)
          .map(([name, { frozenId }]) => `${name}=${frozenId}`)
          .join();
        const known = sessions.get(key);
        if (known) return known;
        const { inputs, outputs, precision } = model.schedule;
        const options = { frozen: baked, precision };
        const emitted = emitOnnx(Object.fromEntries(outputs), Object.fromEntries(inputs), options);
        const session = await open(emitted.bytes);
        sessions.set(key, session);
        return session;
      };
      const executable: Executable = {
        async run(feeds, into) {
          const inputs: Record<string, OrtTensor> = {};
          const baked: Record<string, HostTensor> = {};
          for (const [name, tensor] of Object.entries(feeds)) {
            const fed = own(tensor);
            if (options.bakesFrozen && fed.frozenId > 0) baked[name] = fed;
            else inputs[name] = fed.ort;
          }
          const fetches: Record<string, OrtTensor> = {};
          for (const [name, tensor] of Object.entries(into)) fetches[name] = live(tensor).ort;
          const session = await sessionFor(baked);
          await session.run(inputs, fetches);
        },
        async dispose() {
          executables.delete(executable);
          for (const session of sessions.values()) await session.release();
        },
      };
      executables.add(executable);
      return executable;
    },

    upload: (data, shape) => new HostTensor(device, data, shape),
    empty: (shape) => new HostTensor(device, pool.take(elementCount(shape)), shape),
    zeros(shape) {
      const data = pool.take(elementCount(shape));
      return new HostTensor(device, data.fill(0), shape);
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
      const width = elementCount(shape.slice(1));
      return new HostTensor(device, data.subarray(start * width, end * width), [
        end - start,
        ...shape.slice(1),
      ]);
    },
    reshape: (tensor, shape) => new HostTensor(device, own(tensor).data, shape),
    read: async (tensor) => own(tensor).data,
    async write(tensor, data) {
      live(tensor).data.set(data);
    },
    freeze(tensor) {
      own(tensor).frozenId ||= ++frozen;
    },
    async clear(tensor) {
      live(tensor).data.fill(0);
    },
    async dispose() {
      for (const executable of executables) await executable.dispose();
    },
  };
  return device;
}
