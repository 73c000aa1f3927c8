import { messageOf } from "../../errors.ts";
import { UnusableDevice } from "../choice/unusable-device.ts";
import type { Device } from "../device.ts";
import { Graph } from "../graph/graph.ts";
import { hostDevice } from "../memory/host-device.ts";
import { add } from "../ops/add.ts";
import { compile } from "../program.ts";

/**
 * ONNX Runtime's CUDA execution provider, an add-on of onnxruntime-node. What a program returns is copied to
 * the host after every run. So frozen weights are made part of the programs, and a LoRA step moves only
 * adapters and activations. Throws UnusableDevice where the add-on, the driver or a GPU is missing.
 */
export async function cudaDevice(): Promise<Device> {
  const device = hostDevice({ name: "cuda", provider: "cuda", bakesFrozen: true });
  const graph = new Graph();
  const x = graph.input("x", ["T"]);
  try {
    const program = await compile(device, "cuda check", { y: add(x, x) });
    device.release((await program.run({ x: device.upload(Float32Array.of(1), [1]) })).y!);
  } catch (error) {
    await device.dispose();
    const detail = messageOf(error).split("\n")[0];
    throw new UnusableDevice(
      "cuda",
      `expected ONNX Runtime's CUDA libraries and an NVIDIA GPU, got an error (${detail})`,
      "With CUDA 12 and cuDNN 9 installed: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node",
      { cause: error },
    );
  }
  return device;
}
