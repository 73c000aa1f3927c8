import type { Device, HostArray, Tensor } from "../../src/engine/device.ts";
import { gradients } from "../../src/engine/graph/autodiff.ts";
import { elementCount } from "../../src/engine/graph/element-count.ts";
import { Graph, type Op, type OpSample, type Value } from "../../src/engine/graph/graph.ts";
import { ops } from "../../src/engine/ops/index.ts";
import { randomOf } from "../../src/random.ts";

/** One sample of an op as a graph: its value y, and the gradients of Σ y ∘ dy with respect to its inputs. */
export interface SampleGraph {
  y: Value;
  /** Inputs that have a gradient, by the name they are fed as, and their gradients. */
  gradients: { input: string; gradient: Value }[];
  /** Seeded values of the inputs `x0`, `x1` … and of `dy`. */
  feeds: Record<string, { data: HostArray; shape: readonly number[] }>;
}

/** Every sample of every op, named by op and index. */
export const opSamples = Object.entries(ops).flatMap(([name, op]) =>
  op.samples.map((sample, index) => ({
    name: `${name} ${index}`,
    build: () => buildSample(op as Op, sample as OpSample, index),
  })),
);

function buildSample(op: Op, sample: OpSample, index: number): SampleGraph {
  const random = randomOf(index + 1, "sample");
  const graph = new Graph();
  const feeds: SampleGraph["feeds"] = {};
  const centred = () => 2 * random.next() - 1;
  const inputs = sample.inputs.map((spec, i) => {
    const name = `x${i}`;
    const length = elementCount(spec.shape);
    if ("below" in spec) {
      feeds[name] = { data: Int32Array.from({ length }, () => random.below(spec.below)), shape: spec.shape };
      return graph.input(name, spec.shape, "int32");
    }
    const next = spec.positive ? () => 0.5 + random.next() : centred;
    feeds[name] = { data: Float32Array.from({ length }, next), shape: spec.shape };
    return graph.input(name, spec.shape);
  });
  const y = graph.apply(op, inputs, sample.attributes)[0]!;
  const dy = graph.input("dy", y.shape);
  const shape = y.shape as number[];
  feeds.dy = { data: Float32Array.from({ length: elementCount(shape) }, centred), shape };
  if (y.origin.kind !== "node") throw new Error("an op's output comes from a node");
  const reached = op.vjp(y.origin.node, [dy]).map((cotangent) => cotangent !== null);
  const found = gradients(
    [[y, dy]],
    inputs.filter((_, i) => reached[i]),
  );
  const names = inputs.map((_, i) => `x${i}`).filter((_, i) => reached[i]);
  return { y, gradients: names.map((input, i) => ({ input, gradient: found[i]! })), feeds };
}

export function uploadFeeds(device: Device, feeds: SampleGraph["feeds"]): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [name, device.upload(data.slice(), shape)]),
  );
}
