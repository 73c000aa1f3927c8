import { EngineError } from "../../errors.ts";
import type { Device, Executable, HostArray, Tensor } from "../device.ts";
import type { DType } from "../graph/dtype.ts";
import { elementCount } from "../graph/element-count.ts";
import type { EmittedModel } from "../onnx/emit.ts";
import { type BufferOps, Pieces } from "./buffer-pieces.ts";
import { liveTensor, PiecedTensor } from "./pieced-tensor.ts";

/** A flat buffer seen in a shape: what a program is fed. */
export interface Shaped<B> {
  buffer: B;
  shape: readonly number[];
}

/** A compiled program whose kernels return new buffers. */
export interface BufferProgram<B> {
  /** Returns the outputs as new flat buffers. */
  run(feeds: Readonly<Record<string, Shaped<B>>>): Promise<Record<string, B>>;
  dispose(): Promise<void>;
}

/** What `piecedDevice` needs of an engine whose buffers are never written into. */
export interface Backend<B> extends BufferOps<B> {
  readonly name: string;
  readonly hasFloat16: boolean;
  compile(model: EmittedModel): Promise<BufferProgram<B>>;
  /** Copies the array. */
  upload(data: HostArray): B;
  download(buffer: B): Promise<HostArray>;
  shutdown(): Promise<void>;
}

/**
 * A device whose kernels return new buffers instead of writing into given ones. A tensor is a range of a
 * storage that is made of such buffers (see Pieces), so views share memory here as they do on the CPU.
 */
export function piecedDevice<B>(backend: Backend<B>): Device {
  const programs = new Set<BufferProgram<B>>();
  const memory = piecedMemory(backend, () => device);
  const { read, write } = memory;
  const device: Device = {
    name: backend.name,
    sharesHostMemory: false,
    packsRight: false,
    precision: "float32",
    float16: backend.hasFloat16 ? "float16" : null,

    async compile(model) {
      const program = await backend.compile(model);
      programs.add(program);
      return {
        run: (feeds, into) => runProgram(backend, memory, program, feeds, into),
        async dispose() {
          programs.delete(program);
          await program.dispose();
        },
      };
    },

    upload(data, shape) {
      const size = elementCount(shape);
      if (size !== data.length) {
        throw new EngineError(`tensor [${shape}]: expected ${size} values, got ${data.length}`);
      }
      return memory.create(data instanceof Float32Array ? "float32" : "int32", shape, backend.upload(data));
    },
    empty: (shape) => memory.create("float32", shape, null),
    zeros: (shape) => memory.create("float32", shape, null),
    release(...tensors) {
      for (const tensor of tensors) memory.release(tensor);
    },
    rows(tensor, first, last) {
      const { dtype, shape, storage, start } = liveTensor<B>(device, tensor);
      const inner = shape.slice(1);
      const offset = start + first * elementCount(inner);
      return new PiecedTensor(device, dtype, [last - first, ...inner], storage, offset);
    },
    reshape(tensor, shape) {
      const { dtype, storage, start } = liveTensor<B>(device, tensor);
      return new PiecedTensor(device, dtype, shape, storage, start);
    },
    async read(tensor) {
      const { buffer, isTemporary } = await read(tensor);
      const data = await backend.download(buffer);
      if (isTemporary) backend.dispose(buffer);
      return data;
    },
    async write(tensor, data) {
      await write(liveTensor<B>(device, tensor), backend.upload(data));
    },
    clear: (tensor) => write(tensor, null),
    freeze() {},
    async dispose() {
      for (const program of programs) await program.dispose();
      await backend.shutdown();
    },
  };
  return device;
}

type Memory<B> = ReturnType<typeof piecedMemory<B>>;

/** Makes, reads and writes the storages of a device's tensors. */
function piecedMemory<B>(backend: Backend<B>, deviceOf: () => Device) {
  // Nobody releases small uploads (ids, positions, masks): they go with the last tensor that refers to them.
  const forgotten = new FinalizationRegistry<Pieces<B>>((pieces) => pieces.dispose());
  return {
    /** A tensor of a buffer that belongs to it from then on; null: of zeros. */
    create(dtype: DType, shape: readonly number[], buffer: B | null): PiecedTensor<B> {
      const pieces = new Pieces(backend, elementCount(shape), buffer);
      const storage = { pieces, isReleased: false };
      forgotten.register(storage, pieces, storage);
      return new PiecedTensor(deviceOf(), dtype, shape, storage, 0);
    },
    release(tensor: Tensor): void {
      const { storage } = liveTensor<B>(deviceOf(), tensor);
      storage.isReleased = true;
      forgotten.unregister(storage);
      storage.pieces.dispose();
    },
    async read(tensor: Tensor) {
      const { storage, start, end } = liveTensor<B>(deviceOf(), tensor);
      return storage.pieces.read(start, end);
    },
    async write(tensor: Tensor, buffer: B | null): Promise<void> {
      const { storage, start, end } = liveTensor<B>(deviceOf(), tensor);
      await storage.pieces.write(start, end, buffer);
    },
  };
}

async function runProgram<B>(
  backend: Backend<B>,
  memory: Memory<B>,
  program: BufferProgram<B>,
  ...[feeds, into]: Parameters<Executable["run"]>
): Promise<void> {
  const shaped: Record<string, Shaped<B>> = {};
  const temporary: B[] = [];
  for (const [name, tensor] of Object.entries(feeds)) {
    const { buffer, isTemporary } = await memory.read(tensor);
    shaped[name] = { buffer, shape: tensor.shape };
    if (isTemporary) temporary.push(buffer);
  }
  const results = await program.run(shaped);
  for (const buffer of temporary) backend.dispose(buffer);
  for (const [name, tensor] of Object.entries(into)) await memory.write(tensor, results[name]!);
}
