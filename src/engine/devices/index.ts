import { EngineError } from "../../errors.ts";
import type { Device } from "../device.ts";
import { cpuDevice } from "./cpu.ts";
import { cudaDevice } from "./cuda.ts";
import { tfjsDevice } from "./tfjs.ts";
import { webgpuDevice } from "./webgpu.ts";

/** Every device, by name: one file and one line each. Opening one that cannot be used here throws UnusableDevice. */
export const devices = {
  cpu: async () => cpuDevice(),
  cuda: cudaDevice,
  tfjs: tfjsDevice,
  webgpu: webgpuDevice,
} as const satisfies Record<string, () => Promise<Device>>;

export type DeviceName = keyof typeof devices;

/** Throws EngineError for a name that is no device's, UnusableDevice where it cannot be used. */
export async function openDevice(name: string): Promise<Device> {
  if (!Object.hasOwn(devices, name)) {
    throw new EngineError(`device: expected one of ${Object.keys(devices).join(", ")}, got ${name}`);
  }
  return devices[name as DeviceName]();
}
