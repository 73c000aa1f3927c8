import { ShapeError } from "../../errors.ts";
import type { Emitter } from "../onnx/emitter.ts";
import type { DType } from "./dtype.ts";
import type { Dim, Shape, TensorType } from "./shape.ts";

/** A graph is SSA: every value is a graph input, a constant or one output of one node. */
export interface Value extends TensorType {
  readonly graph: Graph;
  /** Position in the order of creation: a node's inputs always have smaller ids than its outputs. */
  readonly id: number;
  readonly origin:
    | { kind: "input"; name: string }
    | { kind: "constant"; data: Float32Array | Int32Array }
    | { kind: "node"; node: Node; index: number };
}

export type Attributes = Readonly<
  Record<string, number | string | boolean | readonly number[] | readonly Dim[]>
>;

export interface Node<A extends Attributes = Attributes> {
  op: Op<A>;
  inputs: readonly Value[];
  outputs: readonly Value[];
  attributes: A;
}

/**
 * Inputs of one test of an op, of known shapes. `positive` keeps values away from 0 (log, sqrt). `below`
 * makes them int32 indices.
 */
export interface OpSample<A extends Attributes = Attributes> {
  inputs: readonly OpSampleInput[];
  attributes: A;
}
export type OpSampleInput =
  | { shape: readonly number[]; positive?: boolean }
  | { shape: readonly number[]; below: number };

/** Everything the engine knows about one operation, in one file of ops/. */
export interface Op<A extends Attributes = Attributes> {
  name: string;
  /** The shape rule. Throws ShapeError. */
  infer(inputs: readonly TensorType[], attributes: A): TensorType[];
  /** Appends ONNX nodes that compute the outputs. */
  emit(emitter: Emitter, node: Node<A>): void;
  /**
   * Vector-Jacobian product: from the cotangent of each output (null: zero) to that of each input (null:
   * none). Adds nodes to the same graph. In comments of ops, x̄ is the cotangent of x and ∘ multiplies
   * element by element.
   */
  vjp(node: Node<A>, cotangents: readonly (Value | null)[]): (Value | null)[];
  /** A backward program computes it again instead of reading it back, which would take as long. */
  cheap: boolean;
  /** Its kernel is right on one thread only, so a program that holds it runs on one. */
  serial?: true;
  samples: readonly OpSample<A>[];
}

export class Graph {
  readonly inputs = new Map<string, Value>();
  private nextId = 0;

  /** Throws ShapeError for a name that is in use. */
  input(name: string, shape: Shape, dtype: DType = "float32"): Value {
    if (this.inputs.has(name))
      throw new ShapeError(`graph input ${name}: expected a new name, got one in use`);
    const value = this.value({ dtype, shape }, { kind: "input", name });
    this.inputs.set(name, value);
    return value;
  }

  /** A float32 scalar, or a small int32 vector, stored in the graph. */
  constant(data: number | readonly number[]): Value {
    return typeof data === "number"
      ? this.value({ dtype: "float32", shape: [] }, { kind: "constant", data: Float32Array.of(data) })
      : this.value(
          { dtype: "int32", shape: [data.length] },
          { kind: "constant", data: Int32Array.from(data) },
        );
  }

  /** Adds a node. Throws ShapeError where the op does not take such inputs. */
  apply<A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A): Value[] {
    for (const input of inputs) {
      if (input.graph !== this)
        throw new ShapeError(`${op.name}: expected inputs of one graph, got two graphs`);
    }
    const types = op.infer(inputs, attributes);
    const outputs: Value[] = [];
    const node: Node<A> = { op, inputs, outputs, attributes };
    for (const [index, type] of types.entries()) {
      // An op is only given its own nodes, so it is sound to forget the type of their attributes.
      outputs.push(this.value(type, { kind: "node", node: node as Node, index }));
    }
    return outputs;
  }

  private value(type: TensorType, origin: Value["origin"]): Value {
    return { graph: this, id: this.nextId++, dtype: type.dtype, shape: type.shape, origin };
  }
}

/** Applies an op with one output. Throws ShapeError. */
export function apply1<A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A): Value {
  return inputs[0]!.graph.apply(op, inputs, attributes)[0]!;
}
