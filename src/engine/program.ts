import { createHash } from "node:crypto";
import { EngineError, messageOf } from "../errors.ts";
import type { Device, Executable, Tensor } from "./device.ts";
import type { Value } from "./graph/graph.ts";
import type { Shape } from "./graph/shape.ts";
import { type EmittedModel, emitOnnx } from "./onnx/emit.ts";

/** A compiled part of a graph. The feeds of each run say what its symbols stand for. */
export interface Program {
  readonly name: string;
  readonly model: EmittedModel;
  /**
   * Outputs without a tensor in `into` are new ones (`device.empty`): release them when done. Feeds that the
   * program does not take are ignored. A missing feed, or a shape that does not fit, is an EngineError that
   * names the program.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    into?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
}

const caches = new WeakMap<Device, Map<string, Promise<Executable>>>();

/**
 * Compiles the computation of `outputs`; see `emitOnnx` for `given`. Equal graphs are compiled once for each
 * device: the cache key is the hash of the ONNX bytes, in which names depend on the structure only. Throws
 * EngineError.
 */
export async function compile(
  device: Device,
  name: string,
  outputs: Readonly<Record<string, Value>>,
  given: Readonly<Record<string, Value>> = {},
): Promise<Program> {
  const model = emitOnnx(outputs, given, { precision: device.precision });
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
      const symbols: Record<string, number> = {};
      for (const { name: input, type } of model.inputs) {
        const feed = feeds[input];
        if (!feed) throw new EngineError(`program ${name}: expected a feed ${input}, got none`);
        bindSymbols(`program ${name}: ${input}`, type.shape, feed.shape, symbols);
        needed[input] = feed;
      }
      const outputs: Record<string, Tensor> = {};
      for (const { name: output, type } of model.outputs) {
        const shape = type.shape.map((dim) => (typeof dim === "number" ? dim : symbols[dim]!));
        outputs[output] = into[output] ?? device.empty(shape);
        bindSymbols(`program ${name}: ${output}`, shape, outputs[output].shape, symbols);
      }
      try {
        await executable.run(needed, outputs);
      } catch (error) {
        throw new EngineError(`program ${name}: ${messageOf(error)}`, { cause: error });
      }
      return outputs;
    },
  };
}

/** Checks a shape against its declaration: a symbol must stand for the same number throughout a run. */
function bindSymbols(
  where: string,
  expected: Shape,
  got: readonly number[],
  symbols: Record<string, number>,
): void {
  const fits =
    expected.length === got.length &&
    expected.every((dim, i) => {
      if (typeof dim === "number") return dim === got[i];
      symbols[dim] ??= got[i]!;
      return symbols[dim] === got[i];
    });
  if (!fits) {
    const bound = expected.map((dim) =>
      typeof dim === "string" && dim in symbols ? `${dim}=${symbols[dim]}` : dim,
    );
    throw new EngineError(`${where}: expected shape [${bound.join(", ")}], got [${got.join(", ")}]`);
  }
}
