import { EngineError } from "../../errors.ts";
import type { Device } from "../device.ts";

/**
 * Every device, by name: one file and one line each. What a device computes with is loaded when it is opened,
 * so that the list can be read without. Opening one that cannot be used here throws UnusableDevice.
 */
export const devices = {
  cpu: async () => (await import("./cpu.ts")).cpuDevice(),
  cuda: async () => (await import("./cuda.ts")).cudaDevice(),
  tfjs: async () => (await import("./tfjs.ts")).tfjsDevice(),
  webgpu: async () => (await import("./webgpu.ts")).webgpuDevice(),
} as const satisfies Record<string, () => Promise<Device>>;

export type DeviceName = keyof typeof devices;

export const deviceNames = Object.keys(devices) as DeviceName[];

/**
 * Opens a device. Throws EngineError for a name that no device has, UnusableDevice where it cannot be used
 * here.
 */
export async function openDevice(name: string): Promise<Device> {
  if (!Object.hasOwn(devices, name)) {
    throw new EngineError(`device: expected one of ${deviceNames.join(", ")}, got ${name}`);
  }
  return devices[name as DeviceName]();
}
