import { EngineError } from "../errors.ts";
import { type BufferOps, type Loan, Pieces } from "./buffer-pieces.ts";
import type { Device, HostArray, Tensor } from "./device.ts";
import type { DType } from "./dtype.ts";
import { elementCount } from "./element-count.ts";
import type { EmittedModel } from "./emit.ts";

/** A flat buffer seen in a shape: what a program is fed. */
export interface Shaped<B> {
  buffer: B;
  shape: readonly number[];
}

/** What a device of buffers that are never written into has to offer: see `piecedDevice`. */
export interface Backend<B> extends BufferOps<B> {
  readonly name: string;
  readonly hasFloat16: boolean;
  compile(model: EmittedModel): Promise<{
    /** Returns the outputs as new flat buffers. */
    run(feeds: Readonly<Record<string, Shaped<B>>>): Promise<Record<string, B>>;
    dispose(): Promise<void>;
  }>;
  upload(data: HostArray): B;
  download(buffer: B): Promise<HostArray>;
  shutdown(): Promise<void>;
}

interface Storage<B> {
  pieces: Pieces<B>;
  isReleased: boolean;
}

class PiecedTensor<B> implements Tensor {
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

/**
 * A device whose kernels return new buffers instead of writing into given ones. A tensor is a range of a
 * storage that is made of such buffers (see Pieces), so views share memory here as they do on the CPU.
 */
export function piecedDevice<B>(backend: Backend<B>): Device {
  const executables = new Set<{ dispose(): Promise<void> }>();
  // Small uploads (ids, positions, masks) are nobody's to release: they go with the last tensor that sees them.
  const forgotten = new FinalizationRegistry<Pieces<B>>((pieces) => pieces.dispose());

  const own = (tensor: Tensor): PiecedTensor<B> => {
    if (!(tensor instanceof PiecedTensor) || tensor.device !== device) {
      throw new EngineError(
        `${backend.name}: expected a tensor of this device, got one of ${tensor.device.name}`,
      );
    }
    if (tensor.storage.isReleased) {
      throw new EngineError(
        `${backend.name}: expected a live tensor, got one of shape [${tensor.shape}] that was released`,
      );
    }
    return tensor;
  };
  const create = (dtype: DType, shape: readonly number[], buffer: B | null): PiecedTensor<B> => {
    const pieces = new Pieces(backend, elementCount(shape), buffer);
    const storage = { pieces, isReleased: false };
    forgotten.register(storage, pieces, storage);
    return new PiecedTensor(device, dtype, shape, storage, 0);
  };
  const read = ({ storage, start, end }: PiecedTensor<B>): Promise<Loan<B>> =>
    storage.pieces.read(start, end);

  const device: Device = {
    name: backend.name,
    sharesHostMemory: false,
    packsRight: false,
    precision: "float32",
    float16: backend.hasFloat16 ? "float16" : null,

    async compile(model) {
      const program = await backend.compile(model);
      executables.add(program);
      return {
        async run(feeds, into) {
          const shaped: Record<string, Shaped<B>> = {};
          const temporary: B[] = [];
          for (const [name, tensor] of Object.entries(feeds)) {
            const fed = own(tensor);
            const { buffer, isTemporary } = await read(fed);
            shaped[name] = { buffer, shape: fed.shape };
            if (isTemporary) temporary.push(buffer);
          }
          const results = await program.run(shaped);
          for (const buffer of temporary) backend.dispose(buffer);
          for (const [name, tensor] of Object.entries(into)) {
            const { storage, start, end } = own(tensor);
            await storage.pieces.write(start, end, results[name]!);
          }
        },
        async dispose() {
          executables.delete(program);
          await program.dispose();
        },
      };
    },

    upload(data, shape) {
      if (elementCount(shape) !== data.length) {
        throw new EngineError(
          `tensor [${shape}]: expected ${elementCount(shape)} values, got ${data.length}`,
        );
      }
      return create(data instanceof Float32Array ? "float32" : "int32", shape, backend.upload(data));
    },
    empty: (shape) => create("float32", shape, null),
    zeros: (shape) => create("float32", shape, null),
    release(...tensors) {
      for (const tensor of tensors) {
        const { storage } = own(tensor);
        storage.isReleased = true;
        forgotten.unregister(storage);
        storage.pieces.dispose();
      }
    },
    rows(tensor, first, last) {
      const { dtype, shape, storage, start } = own(tensor);
      const width = elementCount(shape.slice(1));
      return new PiecedTensor(
        device,
        dtype,
        [last - first, ...shape.slice(1)],
        storage,
        start + first * width,
      );
    },
    reshape(tensor, shape) {
      const { dtype, storage, start } = own(tensor);
      return new PiecedTensor(device, dtype, shape, storage, start);
    },
    async read(tensor) {
      const { buffer, isTemporary } = await read(own(tensor));
      const data = await backend.download(buffer);
      if (isTemporary) backend.dispose(buffer);
      return data;
    },
    async write(tensor, data) {
      const { storage, start, end } = own(tensor);
      await storage.pieces.write(start, end, backend.upload(data));
    },
    async clear(tensor) {
      const { storage, start, end } = own(tensor);
      await storage.pieces.write(start, end, null);
    },
    freeze() {},
    async dispose() {
      for (const program of executables) await program.dispose();
      await backend.shutdown();
    },
  };
  return device;
}
