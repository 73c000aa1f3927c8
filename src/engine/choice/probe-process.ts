/** The process that `probeDevice` starts: tries the device that its argument names, and posts a Probe. */

import { messageOf } from "../../errors.ts";
import type { Device } from "../device.ts";
import { openDevice } from "../devices/index.ts";
import { Graph } from "../graph/graph.ts";
import { matmul } from "../ops/matmul.ts";
import { compile } from "../program.ts";
import type { Probe } from "./probe.ts";
import { UnusableDevice } from "./unusable-device.ts";

/**
 * Sizes of square matrices. A product of the small ones takes no time on any processor that is worth using.
 */
const smallSize = 256;
const largeSize = 1024;
const slowMs = 30;

async function probe(name: string): Promise<Probe> {
  try {
    const device = await openDevice(name);
    const small = await productMs(device, smallSize);
    const [size, ms] = small > slowMs ? [smallSize, small] : [largeSize, await productMs(device, largeSize)];
    return { isUsable: true, gflopPerSecond: (2 * size ** 3) / ms / 1e6 };
  } catch (error) {
    if (error instanceof UnusableDevice) {
      return { isUsable: false, reason: error.reason, advice: error.advice };
    }
    return { isUsable: false, reason: messageOf(error), advice: "" };
  }
}

/** Milliseconds of the second product of two n × n matrices, until a row of it is on the host. */
async function productMs(device: Device, n: number): Promise<number> {
  const graph = new Graph();
  const y = matmul(graph.input("a", ["T", n]), graph.input("b", [n, n]));
  const program = await compile(device, "probe", { y });
  const [a, b] = [device.zeros([n, n]), device.zeros([n, n])];
  let ms = 0;
  for (let run = 0; run < 2; run++) {
    const started = performance.now();
    const result = await program.run({ a, b });
    await device.read(device.rows(result.y!, 0, 1));
    ms = performance.now() - started;
    device.release(result.y!);
  }
  return ms;
}

process.send?.(await probe(process.argv[2] ?? ""), () => process.disconnect());
