import type { Device } from "../device.ts";
import { hostDevice } from "../memory/host-device.ts";

export interface CpuOptions {
  /** Threads of one program; default: one for each core. */
  threads?: number;
}

/** ONNX Runtime on the CPU. */
export function cpuDevice(options: CpuOptions = {}): Device {
  return hostDevice({ ...options, name: "cpu", provider: "cpu" });
}
