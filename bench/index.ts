/** `npm run bench -- layer`: prints each case with the roofline of the same run and their ratio. */
import { benchLayer, type LayerCase } from "./layer.ts";
import type { Row } from "./measure.ts";

const layerCases: LayerCase[] = [
  { kind: "sliding_attention", tokens: 2048, hidden: 768, window: 512 },
  { kind: "full_attention", tokens: 2048, hidden: 768, window: 512 },
];

const suites: Record<string, () => AsyncGenerator<Row>> = {
  async *layer() {
    for (const one of layerCases) yield await benchLayer(one);
  },
};

const asked = process.argv[2] ?? "layer";
const suite = suites[asked];
if (!suite) {
  console.error(`bench: expected one of ${Object.keys(suites).join(", ")}, got ${asked}`);
  process.exitCode = 2;
} else {
  for await (const row of suite()) {
    const figures = `${(row.seconds * 1000).toFixed(0)} ms  ${row.rate.toFixed(1)} ${row.unit}`;
    const roof = `MatMul ${row.roofline.toFixed(1)}  ratio ${row.ratio.toFixed(2)}`;
    console.log(`${row.name.padEnd(26)} ${figures.padEnd(24)} ${roof}  ${row.note}`);
  }
}
