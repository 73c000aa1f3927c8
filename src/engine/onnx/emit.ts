import { EngineError } from "../../errors.ts";
import type { Node, Value } from "../graph/graph.ts";
import { Emitter, type Port, type Precision } from "./emitter.ts";

/** A program as ops, for devices that run them one by one. */
export interface Schedule {
  /** What is fed, by name. */
  inputs: ReadonlyMap<string, Value>;
  /** In the order in which they compute. What else they read are constants of the graph. */
  nodes: readonly Node[];
  outputs: ReadonlyMap<string, Value>;
  precision: Precision;
}

export interface EmittedModel {
  bytes: Uint8Array;
  schedule: Schedule;
  inputs: Port[];
  outputs: Port[];
  /** Some op in it is only right on one thread. */
  isSerial: boolean;
}

/** The values of an input that never change. */
export interface Frozen {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

export interface EmitOptions {
  /** Inputs that become part of the model. */
  frozen?: Readonly<Record<string, Frozen>>;
  precision?: Precision;
}

/**
 * Emits the part of a graph that computes `outputs` from graph inputs and from `given`: values that come from
 * elsewhere (kept activations) and are fed under these names. What only they depend on is left out. What is
 * needed and not given is computed (again). Throws EngineError where an input and an output have the same
 * name.
 */
export function emitOnnx(
  outputs: Readonly<Record<string, Value>>,
  given: Readonly<Record<string, Value>> = {},
  { frozen = {}, precision = "float32" }: EmitOptions = {},
): EmittedModel {
  const emitter = new Emitter(precision);
  const fed = new Map<string, Value>();
  const visited = new Set<Value>();
  const order: Node[] = [];
  const seenNodes = new Set<Node>();
  const givenNames = new Map(Object.entries(given).map(([name, value]) => [value, name]));

  const visit = (value: Value): void => {
    if (visited.has(value)) return;
    visited.add(value);
    const name = givenNames.get(value) ?? (value.origin.kind === "input" ? value.origin.name : undefined);
    const constant = name === undefined ? undefined : frozen[name];
    if (constant) {
      emitter.bind(value, emitter.initializer(value.dtype, constant.shape, bytesOf(constant.data)));
    } else if (name !== undefined) {
      emitter.bind(value, name);
      fed.set(name, value);
    } else if (value.origin.kind === "constant") {
      const raw = bytesOf(value.origin.data);
      emitter.bind(value, emitter.initializer(value.dtype, value.shape as number[], raw));
    } else if (value.origin.kind === "node" && !seenNodes.has(value.origin.node)) {
      seenNodes.add(value.origin.node);
      for (const input of value.origin.node.inputs) visit(input);
      order.push(value.origin.node);
    }
  };
  for (const value of Object.values(outputs)) visit(value);

  // An output that is an input as well, or is asked for under two names, gets its own name by an Identity.
  const bound = new Set<Value>();
  const copies: [Value, string][] = [];
  for (const [name, value] of Object.entries(outputs)) {
    if (value.origin.kind !== "node" || givenNames.has(value) || bound.has(value)) copies.push([value, name]);
    else {
      emitter.bind(value, name);
      bound.add(value);
    }
  }
  for (const node of order) node.op.emit(emitter, node);
  for (const [value, name] of copies) emitter.node("Identity", [emitter.name(value)], [name]);

  const portsOf = (values: Iterable<[string, Value]>): Port[] =>
    Array.from(values, ([name, type]) => ({ name, type }));
  const inputs = portsOf(fed);
  const ports = portsOf(Object.entries(outputs));
  const clash = ports.find((port) => inputs.some((input) => input.name === port.name));
  if (clash) throw new EngineError(`program: expected distinct names, got ${clash.name} as input and output`);
  const isSerial = order.some(({ op }) => op.serial === true);
  const schedule = { inputs: fed, nodes: order, outputs: new Map(Object.entries(outputs)), precision };
  return { bytes: emitter.finish(inputs, ports), schedule, inputs, outputs: ports, isSerial };
}

function bytesOf(data: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
