import { createHash } from "node:crypto";
import { EngineError } from "../errors.ts";
import type { Device, Executable, Tensor } from "./device.ts";
import { type EmittedModel, emitOnnx } from "./emit.ts";
import type { Value } from "./graph.ts";

/** A compiled part of a graph. Its symbols take their values from the feeds of each run. */
export interface Program {
  readonly name: string;
  readonly model: EmittedModel;
  /** Extra feeds are ignored; a missing one, or a wrong shape, is an EngineError that names the program. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    into?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
}

const caches = new WeakMap<Device, Map<string, Promise<Executable>>>();

/**
 * Compiles the computation of `outputs`; see `emitOnnx` for `given`. Equal graphs are compiled once a device:
 * the cache key is the hash of the ONNX bytes, in which names depend on the structure only.
 */
export async function compile(
  device: Device,
  name: string,
  outputs: Readonly<Record<string, Value>>,
  given: Readonly<Record<string, Value>> = {},
): Promise<Program> {
  const model = emitOnnx(outputs, given);
  const hash = createHash("sha256").update(model.bytes).digest("hex");
  const cache = caches.get(device) ?? new Map<string, Promise<Executable>>();
  caches.set(device, cache);
  let pending = cache.get(hash);
  if (!pending) {
    pending = device.compile(model);
    cache.set(hash, pending);
  }
  const executable = await pending.catch((error: unknown) => {
    throw new EngineError(`program ${name} did not compile: ${messageOf(error)}`, { cause: error });
  });

  return {
    name,
    model,
    async run(feeds, into = {}) {
      const needed: Record<string, Tensor> = {};
      for (const port of model.inputs) {
        const feed = feeds[port.name];
        if (!feed) throw new EngineError(`program ${name}: expected a feed ${port.name}, got none`);
        checkShape(name, port.name, port.type.shape, feed.shape);
        needed[port.name] = feed;
      }
      try {
        return await executable.run(needed, into);
      } catch (error) {
        throw new EngineError(`program ${name}: ${messageOf(error)}`, { cause: error });
      }
    },
  };
}

function checkShape(
  program: string,
  input: string,
  expected: readonly (number | string)[],
  got: readonly number[],
): void {
  const fits =
    expected.length === got.length && expected.every((dim, i) => typeof dim === "string" || dim === got[i]);
  if (!fits)
    throw new EngineError(`program ${program}: expected ${input} of shape [${expected}], got [${got}]`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
