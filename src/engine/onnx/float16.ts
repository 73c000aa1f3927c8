import { messageOf } from "../../errors.ts";
import { UnusableDevice } from "../choice/unusable-device.ts";
import type { Device } from "../device.ts";
import { Graph } from "../graph/graph.ts";
import { matmul } from "../ops/matmul.ts";
import { compile } from "../program.ts";

/**
 * The same device with the same tensors, where the matrix products of programs are computed in float16.
 * Throws UnusableDevice where it has no float16 arithmetic.
 */
export async function inFloat16(device: Device): Promise<Device> {
  const advice = "Set finetune.compute_dtype to float32.";
  if (device.float16 === null) {
    throw new UnusableDevice(
      device.name,
      "expected float16 arithmetic, got a device with float32 only",
      advice,
    );
  }
  const half: Device = { ...device, precision: device.float16 };
  const graph = new Graph();
  const x = graph.input("x", ["T", 1]);
  try {
    const program = await compile(half, "float16 check", { y: matmul(x, x, { transB: true }) });
    device.release((await program.run({ x: device.upload(Float32Array.of(1), [1, 1]) })).y!);
  } catch (error) {
    const detail = messageOf(error).split("\n")[0];
    throw new UnusableDevice(
      device.name,
      `expected a GPU with float16 arithmetic, got an error (${detail})`,
      advice,
      { cause: error },
    );
  }
  return half;
}
