import { type DeviceName, devices } from "../devices/index.ts";
import { type Probe, probeDevice } from "./probe.ts";

/** What a recipe may ask for: a device, or the fastest one that can be used here. */
export type DeviceChoice = "auto" | DeviceName;

export interface ChosenDevice {
  name: DeviceName;
  /** Why this one, for the user. */
  reason: string;
}

/** The devices that use a GPU, in the order in which they are preferred. */
const gpus = ["cuda", "webgpu"] as const;

let automatic: Promise<ChosenDevice> | undefined;

/**
 * The device to use. `auto` tries the GPUs, once in a process, and takes the first that is faster than the
 * CPU at a matrix product.
 */
export function chooseDevice(choice: DeviceChoice): Promise<ChosenDevice> {
  if (choice !== "auto") return Promise.resolve({ name: choice, reason: "as asked" });
  automatic ??= tryGpus();
  return automatic;
}

async function tryGpus(): Promise<ChosenDevice> {
  const probes = await Promise.all(gpus.map(probeDevice));
  const isNone = probes.every(({ isUsable }) => !isUsable);
  return fastest(probes, isNone ? { isUsable: true, gflopPerSecond: 0 } : await probeDevice("cpu"));
}

/** What `auto` takes, given the probes of `cuda` and `webgpu`, in this order, and of the CPU. */
export function fastest(probes: readonly Probe[], cpu: Probe): ChosenDevice {
  const cpuRate = cpu.isUsable ? cpu.gflopPerSecond : 0;
  const slower: string[] = [];
  for (const [i, probe] of probes.entries()) {
    if (!probe.isUsable) continue;
    const rates = `${rate(probe.gflopPerSecond)} against the CPU's ${rate(cpuRate)} GFLOP/s`;
    if (probe.gflopPerSecond > cpuRate) return { name: gpus[i]!, reason: rates };
    slower.push(`${gpus[i]} is slower here, ${rates}`);
  }
  const none = "no GPU is usable here, zebra doctor says why";
  return { name: "cpu", reason: slower.length > 0 ? slower.join("; ") : none };
}

/** Opens the device chosen. Throws UnusableDevice where it cannot be used. */
export async function openChosen(choice: DeviceChoice) {
  const chosen = await chooseDevice(choice);
  return { device: await devices[chosen.name](), chosen };
}

const rate = (gflopPerSecond: number): string =>
  gflopPerSecond < 10 ? gflopPerSecond.toPrecision(2) : gflopPerSecond.toFixed(0);
