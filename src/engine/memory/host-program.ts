import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { Executable } from "../device.ts";
import { type EmittedModel, emitOnnx } from "../onnx/emit.ts";
import { openSession } from "../onnx/session.ts";
import { type HostTensor, readable, writable } from "./host-tensor.ts";

/** How programs of a device on host memory run. */
export interface HostOptions {
  /** The device's name. */
  name: string;
  /** ONNX Runtime's name of what computes. */
  provider: "cpu" | "cuda";
  /** Threads of one program; default: one for each core. */
  threads?: number;
  /**
   * Frozen tensors become part of the programs that are fed them, with one compiled program for each set of
   * them. They are then moved to where it computes once, and not at every run.
   */
  bakesFrozen?: boolean;
}

/** Compiles a program for ONNX Runtime on host memory. */
export async function compileOnHost(model: EmittedModel, options: HostOptions): Promise<Executable> {
  const sessions = new Map([["", await openOn(model, options)]]);

  /** The session of the program with these tensors inside; they are told apart by their ids. */
  const sessionFor = async (baked: Readonly<Record<string, HostTensor>>): Promise<InferenceSession> => {
    const key = Object.entries(baked)
      .map(([name, { frozenId }]) => `${name}=${frozenId}`)
      .join();
    const known = sessions.get(key);
    if (known) return known;
    const { inputs, outputs, precision } = model.schedule;
    const emitted = emitOnnx(Object.fromEntries(outputs), Object.fromEntries(inputs), {
      frozen: baked,
      precision,
    });
    const session = await openOn({ bytes: emitted.bytes, isSerial: model.isSerial }, options);
    sessions.set(key, session);
    return session;
  };

  return {
    async run(feeds, into) {
      const inputs: Record<string, OrtTensor> = {};
      const baked: Record<string, HostTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) {
        const fed = readable(options.name, tensor);
        if (options.bakesFrozen && fed.frozenId > 0) baked[name] = fed;
        else inputs[name] = fed.ort;
      }
      const fetches: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(into)) fetches[name] = writable(options.name, tensor).ort;
      const session = await sessionFor(baked);
      freeCopies(await session.run(inputs, fetches), fetches);
    },
    async dispose() {
      for (const session of sessions.values()) await session.release();
    },
  };
}

/**
 * The binding returns copies of the outputs beside those that were written into `fetches`. Left to the
 * garbage collector they pile up, as it sees small objects only: some 100 MB for a model of 135M parameters.
 */
function freeCopies(
  returned: Readonly<Record<string, OrtTensor>>,
  fetches: Readonly<Record<string, OrtTensor>>,
): void {
  for (const [name, { data }] of Object.entries(returned)) {
    const own = fetches[name]?.data;
    if (!ArrayBuffer.isView(data) || !ArrayBuffer.isView(own) || data.buffer === own.buffer) continue;
    if (data.buffer instanceof ArrayBuffer) data.buffer.transfer(0);
  }
}

function openOn(
  { bytes, isSerial }: Pick<EmittedModel, "bytes" | "isSerial">,
  { provider, threads }: HostOptions,
): Promise<InferenceSession> {
  const used = isSerial ? 1 : threads;
  return openSession(bytes, {
    executionProviders: [provider],
    graphOptimizationLevel: "all",
    // Patterns plan one block of memory for each new shape: packs differ in length, so blocks would pile up.
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    ...(used ? { intraOpNumThreads: used } : {}),
  });
}
