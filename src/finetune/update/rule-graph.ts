import type { Device, Tensor } from "../../engine/device.ts";
import { elementCount } from "../../engine/graph/element-count.ts";
import { Graph, type Value } from "../../engine/graph/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { mul } from "../../engine/ops/mul.ts";
import { reciprocal } from "../../engine/ops/reciprocal.ts";
import { sign } from "../../engine/ops/sign.ts";
import { sqrt } from "../../engine/ops/sqrt.ts";
import { sub } from "../../engine/ops/sub.ts";
import { compile, type Program } from "../../engine/program.ts";
import { type Algebra, arrayNames, type OptimizerRule, scalarNames } from "./rule.ts";

const ops: Algebra<Value> = { add, sub, mul, div: (a, b) => mul(a, reciprocal(b)), sqrt, sign };

/** A rule as a program: arrays [N] and scalars [1] in, `new.values` and the new state [N] out. */
export async function compileUpdate(device: Device, rule: OptimizerRule): Promise<Program> {
  const graph = new Graph();
  const arrays = arrayNames(rule).map((name) => [name, graph.input(name, ["N"])]);
  const scalars = scalarNames(rule).map((name) => [name, graph.input(name, [1])]);
  const x: Record<string, Value> = Object.fromEntries([...arrays, ...scalars]);
  const updated = rule.update(ops, { ...x, gradient: mul(x.gradient!, x.scale!) });
  const outputs = Object.entries(updated).map(([name, value]) => [`new.${name}`, value]);
  return compile(device, "optimizer", Object.fromEntries(outputs));
}

/** Runs it on tensors of one shape, any, which never leave the device. The gradient stays as it is. */
export async function updateOnDevice(
  device: Device,
  program: Program,
  tensors: Readonly<Record<string, Tensor>>,
  scalars: Readonly<Record<string, Tensor>>,
): Promise<void> {
  const flat = Object.entries(tensors).map(([name, tensor]) => {
    return [name, device.reshape(tensor, [elementCount(tensor.shape)])] as const;
  });
  const written = flat.filter(([name]) => name !== "gradient");
  const into = Object.fromEntries(written.map(([name, tensor]) => [`new.${name}`, tensor]));
  await program.run({ ...Object.fromEntries(flat), ...scalars }, into);
}

/** Each number as a tensor [1]. */
export function uploadScalars(
  device: Device,
  scalars: Readonly<Record<string, number>>,
): Record<string, Tensor> {
  const tensors = Object.entries(scalars).map(([name, value]) => {
    return [name, device.upload(Float32Array.of(value), [1])] as const;
  });
  return Object.fromEntries(tensors);
}
