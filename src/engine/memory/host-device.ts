import type { Device, Executable } from "../device.ts";
import { elementCount } from "../graph/element-count.ts";
import { type BufferPool, hostPool } from "./buffer-pool.ts";
import { compileOnHost, type HostOptions } from "./host-program.ts";
import { HostTensor, readable, writable } from "./host-tensor.ts";

function taken(pool: BufferPool<ArrayBuffer>, shape: readonly number[]): Float32Array {
  const length = elementCount(shape);
  return new Float32Array(pool.take(4 * length), 0, length);
}

/**
 * ONNX Runtime on host memory. Tensors are typed arrays that JavaScript and the kernels share without copies.
 */
export function hostDevice(options: HostOptions): Device {
  const { name, provider } = options;
  const executables = new Set<Executable>();
  const pool = hostPool();
  let frozen = 0;
  const device: Device = {
    name,
    sharesHostMemory: true,
    packsRight: provider === "cpu",
    precision: "float32",
    float16: provider === "cpu" ? "rounded16" : "float16",

    async compile(model) {
      const program = await compileOnHost(model, options);
      const executable: Executable = {
        run: program.run,
        async dispose() {
          executables.delete(executable);
          await program.dispose();
        },
      };
      executables.add(executable);
      return executable;
    },

    upload: (data, shape) => new HostTensor(device, data, shape),
    empty: (shape) => new HostTensor(device, taken(pool, shape), shape),
    zeros: (shape) => new HostTensor(device, taken(pool, shape).fill(0), shape),
    release(...tensors) {
      for (const tensor of tensors) {
        const released = readable(name, tensor);
        released.isReleased = true;
        const { buffer } = released.data;
        if (released.dtype === "float32" && buffer instanceof ArrayBuffer) pool.give(buffer);
      }
    },
    rows(tensor, start, end) {
      const { data, shape } = readable(name, tensor);
      const inner = shape.slice(1);
      const width = elementCount(inner);
      return new HostTensor(device, data.subarray(start * width, end * width), [end - start, ...inner]);
    },
    reshape: (tensor, shape) => new HostTensor(device, readable(name, tensor).data, shape),
    read: async (tensor) => readable(name, tensor).data,
    async write(tensor, data) {
      writable(name, tensor).data.set(data);
    },
    async clear(tensor) {
      writable(name, tensor).data.fill(0);
    },
    freeze(tensor) {
      readable(name, tensor).frozenId ||= ++frozen;
    },
    async dispose() {
      for (const executable of executables) await executable.dispose();
    },
  };
  return device;
}
