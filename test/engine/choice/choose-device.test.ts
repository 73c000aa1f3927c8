import { expect, it } from "vitest";
import { deviceChoices } from "../../../src/contracts/devices.ts";
import { chooseDevice, fastest } from "../../../src/engine/choice/choose-device.ts";
import { type Probe, probeDevice } from "../../../src/engine/choice/probe.ts";
import { devices } from "../../../src/engine/devices/index.ts";

const at = (gflopPerSecond: number): Probe => ({ isUsable: true, gflopPerSecond });
const none: Probe = { isUsable: false, reason: "expected a GPU, got none", advice: "Buy one." };

it("auto takes the first GPU that beats the CPU, and says by what", () => {
  expect(fastest([none, at(4000)], at(180))).toEqual({
    name: "webgpu",
    reason: "4000 against the CPU's 180 GFLOP/s",
  });
  expect(fastest([at(9000), at(4000)], at(180)).name).toBe("cuda");
});

it("auto stays on the CPU without a GPU, and where the GPU is the slower one", () => {
  expect(fastest([none, none], at(180))).toEqual({
    name: "cpu",
    reason: "no GPU is usable here, zebra doctor says why",
  });
  expect(fastest([none, at(0.4)], at(100))).toEqual({
    name: "cpu",
    reason: "webgpu is slower here, 0.40 against the CPU's 100 GFLOP/s",
  });
});

it("a device that is asked for is taken without a trial", async () => {
  expect(await chooseDevice("tfjs")).toEqual({ name: "tfjs", reason: "as asked" });
});

it("a trial measures a device in its own process, or says what is missing and what to do", async () => {
  const cpu = await probeDevice("cpu");
  expect(cpu.isUsable && cpu.gflopPerSecond > 0.1).toBe(true);
  const cuda = await probeDevice("cuda");
  if (!cuda.isUsable) {
    expect(cuda.reason).toMatch(/^expected ONNX Runtime's CUDA libraries and an NVIDIA GPU, got an error \(/);
    expect(cuda.advice).toContain("ONNXRUNTIME_NODE_INSTALL=cuda12");
  }
});

it("the command line offers every device", () => {
  expect([...deviceChoices].sort()).toEqual(["auto", ...Object.keys(devices)].sort());
});

it("a device that is too late is told as that: a busy machine was called a broken driver", async () => {
  expect(await probeDevice("cpu", 1)).toEqual({
    isUsable: false,
    reason: "expected an answer within 0.001 s, got none",
    advice:
      "The machine may be busy: try again when it is not. Else its driver hangs: choose another device.",
  });
});
