import { type InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { messageOf } from "../../errors.ts";
import { UnusableDevice } from "../choice/unusable-device.ts";
import { loadVulkan } from "../choice/vulkan-loader.ts";
import type { Device, HostArray } from "../device.ts";
import { piecedDevice } from "../memory/pieced-device.ts";
import { Emitter, type Port } from "../onnx/emitter.ts";
import { openSession } from "../onnx/session.ts";

/** Flat values: on the host until first used, then on the GPU. */
interface GpuBuffer {
  tensor: OrtTensor;
}

type FlatType = "float32" | "int32";

/**
 * ONNX Runtime's WebGPU execution provider (Dawn over Vulkan, Metal or Direct3D). Weights, moments, gradients
 * and activations stay on the GPU between programs. Reading a tensor by `getData()` would abort the process,
 * so a program of one Identity, whose output is on the host, copies it. Throws UnusableDevice where no GPU
 * can be used.
 */
export async function webgpuDevice(): Promise<Device> {
  const helpers = await openHelpers().catch((error: unknown) => {
    throw noGpu(error);
  });

  const resident = async (buffer: GpuBuffer): Promise<OrtTensor> => {
    if (buffer.tensor.location === "cpu") {
      const session = helpers.upload[buffer.tensor.type as FlatType];
      buffer.tensor = (await session.run({ x: buffer.tensor })).y!;
    }
    return buffer.tensor;
  };
  const first = async (session: InferenceSession, feeds: Record<string, OrtTensor>): Promise<GpuBuffer> => ({
    tensor: (await session.run(feeds)).y!,
  });

  const join = async (a: GpuBuffer, b: GpuBuffer): Promise<GpuBuffer> => {
    const [left, right] = [await resident(a), await resident(b)];
    const session = helpers.concat[left.type as FlatType];
    return first(session, { a: shaped(left, [left.size]), b: shaped(right, [right.size]) });
  };

  return piecedDevice<GpuBuffer>({
    name: "webgpu",
    hasFloat16: true,
    async compile({ bytes }) {
      const session = await openSession(bytes, onGpu);
      return {
        async run(feeds) {
          const inputs: Record<string, OrtTensor> = {};
          for (const [name, { buffer, shape }] of Object.entries(feeds)) {
            inputs[name] = shaped(await resident(buffer), shape);
          }
          const results: Record<string, GpuBuffer> = {};
          for (const [name, tensor] of Object.entries(await session.run(inputs))) results[name] = { tensor };
          return results;
        },
        dispose: () => session.release(),
      };
    },
    upload: (data) => ({
      tensor: new OrtTensor(data instanceof Float32Array ? "float32" : "int32", data.slice(), [data.length]),
    }),
    async download({ tensor }) {
      if (tensor.location === "cpu") return (tensor.data as HostArray).slice();
      const flat = shaped(tensor, [tensor.size]);
      return (await helpers.download[tensor.type as FlatType].run({ x: flat })).y!.data as HostArray;
    },
    zeros: (length) => first(helpers.zeros, { shape: int64(length) }),
    async slice(buffer, start, end) {
      const tensor = await resident(buffer);
      const session = helpers.slice[tensor.type as FlatType];
      return first(session, { x: shaped(tensor, [tensor.size]), start: int64(start), end: int64(end) });
    },
    concat: (buffers) => concatInPairs(buffers, join),
    dispose: ({ tensor }) => tensor.dispose(),
    async shutdown() {
      const byType = [helpers.upload, helpers.download, helpers.slice, helpers.concat];
      const sessions = byType.flatMap((sessionOf) => Object.values(sessionOf));
      for (const session of [...sessions, helpers.zeros]) await session.release();
    },
  });
}

function noGpu(cause: unknown): UnusableDevice {
  const message = messageOf(cause);
  const detail = message.split("\n")[0]?.split(" was false. ").at(-1);
  return new UnusableDevice(
    "webgpu",
    `expected a GPU that Vulkan, Metal or Direct3D can use, got none (${detail})`,
    "Install the GPU's driver and, on Linux, libvulkan1.",
    { cause },
  );
}

/** Joins buffers in pairs, because a shader can read only a few of them. Each round halves their number. */
async function concatInPairs(
  buffers: readonly GpuBuffer[],
  join: (a: GpuBuffer, b: GpuBuffer) => Promise<GpuBuffer>,
): Promise<GpuBuffer> {
  let round = buffers;
  while (round.length > 1) {
    const next: GpuBuffer[] = [];
    for (let i = 0; i < round.length; i += 2) {
      const [a, b] = [round[i]!, round[i + 1]];
      if (!b) next.push(a);
      else {
        next.push(await join(a, b));
        for (const done of [a, b]) if (!buffers.includes(done)) done.tensor.dispose();
      }
    }
    round = next;
  }
  return round[0]!;
}

const onHost = { executionProviders: ["webgpu"] } as const;
const onGpu = { ...onHost, preferredOutputLocation: "gpu-buffer" } as const;

/**
 * A GPU buffer seen in a shape. The view owns nothing: only the tensor that a program returned is disposed.
 */
function shaped(tensor: OrtTensor, shape: readonly number[]): OrtTensor {
  return OrtTensor.fromGpuBuffer(tensor.gpuBuffer, { dataType: tensor.type as FlatType, dims: shape });
}

function int64(value: number): OrtTensor {
  return new OrtTensor("int64", BigInt64Array.of(BigInt(value)), [1]);
}

type ByType = Record<FlatType, InferenceSession>;

interface Helpers {
  upload: ByType;
  download: ByType;
  slice: ByType;
  concat: ByType;
  zeros: InferenceSession;
}

/** The programs that copy, cut and join flat buffers. */
async function openHelpers(): Promise<Helpers> {
  loadVulkan(process.env);
  const byType = async (
    options: InferenceSession.SessionOptions,
    opType: string,
    inputs: readonly string[],
    sizes: readonly string[] = [],
    axis?: number,
  ): Promise<ByType> => {
    const open = (dtype: FlatType): Promise<InferenceSession> => {
      const emitter = new Emitter();
      const attributes = axis === undefined ? {} : { attributes: { axis: { i: axis } } };
      emitter.node(opType, [...inputs, ...sizes], ["y"], attributes);
      const ports = [
        ...inputs.map((name) => port(name, dtype, `${name} values`)),
        ...sizes.map((name) => port(name, "int64", 1)),
      ];
      return openSession(emitter.finish(ports, [port("y", dtype, "y values")]), options);
    };
    return { float32: await open("float32"), int32: await open("int32") };
  };
  const emitter = new Emitter();
  emitter.node("Expand", [emitter.float32(0), "shape"], ["y"]);
  const zeros = emitter.finish([port("shape", "int64", 1)], [port("y", "float32", "values")]);
  return {
    upload: await byType(onGpu, "Identity", ["x"]),
    download: await byType(onHost, "Identity", ["x"]),
    slice: await byType(onGpu, "Slice", ["x"], ["start", "end"]),
    concat: await byType(onGpu, "Concat", ["a", "b"], [], 0),
    zeros: await openSession(zeros, onGpu),
  };
}

function port(name: string, dtype: Port["type"]["dtype"], dim: number | string): Port {
  return { name, type: { dtype, shape: [dim] } };
}
