import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import type { DataType, Tensor as TfTensor } from "@tensorflow/tfjs-core";
import { EngineError } from "../../errors.ts";
import { UnusableDevice } from "../choice/unusable-device.ts";
import type { Device, HostArray } from "../device.ts";
import type { Value } from "../graph/graph.ts";
import { piecedDevice } from "../memory/pieced-device.ts";
import type { Schedule } from "../onnx/emit.ts";
import { interpretNode, type Tf } from "./tfjs-ops.ts";

/** Packages with native kernels, which are tried first. WebAssembly works everywhere. */
const natives = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"] as const;

interface Loaded {
  tf: Tf;
  /** What computes: `tfjs-node-gpu`, `tfjs-node` or `wasm`. */
  flavour: string;
}

let loading: Promise<Loaded> | undefined;

/** What `tfjsDevice` would compute with here. Throws UnusableDevice where no TensorFlow.js is installed. */
export function loadTfjs(): Promise<Loaded> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Loaded> {
  for (const name of natives) {
    const tf = await importOptional<Tf>(name);
    if (tf) return { tf, flavour: name.replace("@tensorflow/", "") };
  }
  const core = await importOptional<Tf>("@tensorflow/tfjs-core");
  const backend = "@tensorflow/tfjs-backend-wasm";
  const wasm = core && (await importOptional<WasmModule>(backend));
  if (!core || !wasm) {
    throw new UnusableDevice(
      "tfjs",
      "expected @tensorflow/tfjs-node-gpu, tfjs-node, or tfjs-core with tfjs-backend-wasm, " +
        "got none installed",
      "npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0",
    );
  }
  wasm.setWasmPaths(dirname(createRequire(import.meta.url).resolve(backend)) + sep);
  if (!(await core.setBackend("wasm"))) {
    throw new UnusableDevice(
      "tfjs",
      "expected the WASM backend to start, got a refusal",
      "Install it again.",
    );
  }
  return { tf: core, flavour: "wasm" };
}

interface WasmModule {
  setWasmPaths(folder: string): void;
}

/**
 * An optional package, undefined where it is not installed. One that is installed but does not load is an
 * error.
 */
async function importOptional<M>(name: string): Promise<M | undefined> {
  try {
    createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
  const module = (await import(name)) as M & { default?: M };
  return module.default ?? module;
}

/**
 * TensorFlow.js, which interprets the schedule of ops, so that its numbers are independent of ONNX Runtime's.
 * Throws UnusableDevice where no TensorFlow.js is installed.
 */
export async function tfjsDevice(): Promise<Device> {
  const { tf } = await loadTfjs();
  const flat = (data: HostArray): TfTensor =>
    tf.tensor(data.slice(), [data.length], data instanceof Float32Array ? "float32" : "int32");
  return piecedDevice<TfTensor>({
    name: "tfjs",
    hasFloat16: false,
    async compile({ schedule }) {
      return {
        async run(feeds) {
          return tf.tidy(() => {
            const values = new Map<Value, TfTensor>();
            for (const [name, value] of schedule.inputs) {
              const { buffer, shape } = feeds[name]!;
              values.set(value, tf.reshape(buffer, [...shape]));
            }
            return interpret(tf, schedule, values);
          });
        },
        async dispose() {},
      };
    },
    upload: flat,
    download: async (buffer) => (await buffer.data()) as HostArray,
    zeros: async (length) => tf.zeros([length]),
    slice: async (buffer, start, end) => tf.slice(buffer, [start], [end - start]),
    concat: async (buffers) => tf.concat([...buffers], 0),
    dispose: (buffer) => buffer.dispose(),
    async shutdown() {},
  });
}

/** Runs the ops in order; the outputs are flat and share nothing with the inputs. */
function interpret(tf: Tf, schedule: Schedule, values: Map<Value, TfTensor>): Record<string, TfTensor> {
  const tensorOf = (value: Value): TfTensor => {
    const known = values.get(value);
    if (known) return known;
    if (value.origin.kind !== "constant") {
      throw new EngineError(`tfjs: expected value ${value.id} to be computed before it is used`);
    }
    const { data } = value.origin;
    const constant = tf.tensor(data, value.shape as number[], value.dtype as DataType);
    values.set(value, constant);
    return constant;
  };
  for (const node of schedule.nodes) {
    values.set(node.outputs[0]!, interpretNode(tf, node, node.inputs.map(tensorOf)));
  }
  const results: Record<string, TfTensor> = {};
  for (const [name, value] of schedule.outputs) results[name] = tf.clone(tf.reshape(tensorOf(value), [-1]));
  return results;
}
