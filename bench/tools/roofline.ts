/** The best that the machine can do through the same runtime: every suite is measured against it. */
import type { Device } from "../../src/engine/device.ts";
import { Graph } from "../../src/engine/graph/graph.ts";
import { matmul } from "../../src/engine/ops/matmul.ts";
import { compile } from "../../src/engine/program.ts";
import { type Roofline, randomTensor } from "./measure.ts";

const [m, k, n] = [2048, 768, 3072];
/** Products of one run: a single one would take much less time than what it is compared with. */
const repeats = 6;

/** A plain MatMul [2048, 768] · [768, 3072], float32. */
export async function matmulRoofline(device: Device): Promise<Roofline> {
  const graph = new Graph();
  const product = matmul(graph.input("a", ["M", "K"]), graph.input("b", ["K", "N"]));
  const program = await compile(device, "roofline", { y: product });
  const a = device.upload(randomTensor([m, k], 1).data, [m, k]);
  const b = device.upload(randomTensor([k, n], 1).data, [k, n]);
  const y = device.zeros([m, n]);
  return {
    work: repeats * 2 * m * k * n,
    async run() {
      for (let i = 0; i < repeats; i++) await program.run({ a, b }, { y });
    },
  };
}

/** A plain copy of 256 MiB of float32: bytes read and bytes written. */
export function copyRoofline(): Roofline {
  const from = new Float32Array(1 << 26).fill(1);
  const to = new Float32Array(1 << 26);
  return {
    work: 2 * from.byteLength,
    async run() {
      to.set(from);
    },
  };
}
