import { type DType, onnxTypes } from "../graph/dtype.ts";
import type { Dim, TensorType } from "../graph/shape.ts";
import { ProtoWriter } from "./proto.ts";

/** ONNX opset of the emitted models; `com.microsoft` is ONNX Runtime's own domain. */
const opset = 18;
const irVersion = 8;

type AttributeValue = { i: number } | { f: number } | { s: string } | { ints: readonly number[] };

export interface OnnxOptions {
  domain?: "com.microsoft";
  attributes?: Record<string, AttributeValue>;
}

/**
 * What matrix products compute in; all else is float32. `float16` rounds operands and results, and the GPU
 * chooses how to sum. `rounded16` does the same where there is no float16 arithmetic: float32 sums of values
 * that were rounded.
 */
export type Precision = "float32" | "float16" | "rounded16";

/**
 * What an op's `emit` writes to. Values are told apart by identity, and named by their order in the program,
 * so that equal programs are equal bytes.
 */
export class Emitter {
  private readonly nodes: ((writer: ProtoWriter) => void)[] = [];
  private readonly initializers: ((writer: ProtoWriter) => void)[] = [];
  private readonly names = new Map<TensorType, string>();
  private counter = 0;
  private readonly halves = new Map<string, string>();
  private readonly precision: Precision;

  constructor(precision: Precision = "float32") {
    this.precision = precision;
  }

  /** Names a value. */
  bind(value: TensorType, name: string): void {
    this.names.set(value, name);
  }

  /** The name of a value. */
  name(value: TensorType): string {
    const known = this.names.get(value);
    if (known !== undefined) return known;
    const name = `v${this.counter++}`;
    this.names.set(value, name);
    return name;
  }

  /** A name for what lies between the nodes of one op. */
  fresh(): string {
    return `t${this.counter++}`;
  }

  /**
   * Appends one ONNX node. Inputs and outputs are names; an empty one is an optional input that is absent.
   */
  node(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    options: OnnxOptions = {},
  ): void {
    const label = `${opType}_${this.nodes.length}`;
    this.nodes.push((writer) => {
      for (const input of inputs) writer.string(1, input);
      for (const output of outputs) writer.string(2, output);
      writer.string(3, label).string(4, opType);
      for (const [name, value] of Object.entries(options.attributes ?? {})) {
        writer.message(5, (attribute) => writeAttribute(attribute, name, value));
      }
      if (options.domain) writer.string(7, options.domain);
    });
  }

  /** As `node`, for a matrix product, in the precision of the program. */
  product(opType: string, inputs: readonly string[], output: string, options: OnnxOptions = {}): void {
    if (this.precision === "float32") {
      this.node(opType, inputs, [output], options);
      return;
    }
    const isRounded = this.precision === "rounded16";
    const halves = inputs.map((input) => this.half(input));
    const operands = isRounded ? halves.map((half) => this.cast(half, "float32")) : halves;
    const result = this.fresh();
    this.node(opType, operands, [result], options);
    this.cast(isRounded ? this.half(result) : result, "float32", output);
  }

  /** Rounded to float16: once for each value, however many products read it. */
  private half(input: string): string {
    const known = this.halves.get(input);
    if (known !== undefined) return known;
    const half = this.cast(input, "float16");
    this.halves.set(input, half);
    return half;
  }

  /** Another element type; the result has the name `output`. */
  cast(input: string, to: DType, output = this.fresh()): string {
    this.node("Cast", [input], [output], { attributes: { to: { i: onnxTypes[to] } } });
    return output;
  }

  /** A constant int64 vector (axes, shapes, starts …), by name. */
  int64s(values: readonly number[]): string {
    return this.initializer(
      "int64",
      [values.length],
      new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
    );
  }

  /** A constant float32 scalar, by name. */
  float32(value: number): string {
    return this.initializer("float32", [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** A constant, by name; `raw`: its values, row-major and little-endian. */
  initializer(dtype: DType, shape: readonly number[], raw: Uint8Array): string {
    const name = this.fresh();
    this.initializers.push((writer) => {
      for (const dim of shape) writer.int(1, dim);
      writer.int(2, onnxTypes[dtype]).string(8, name).bytes(9, raw);
    });
    return name;
  }

  /** The bytes of the ONNX model. */
  finish(inputs: readonly Port[], outputs: readonly Port[]): Uint8Array {
    const writer = new ProtoWriter().int(1, irVersion).string(2, "zebratune");
    writer.message(7, (graph) => {
      for (const node of this.nodes) graph.message(1, node);
      graph.string(2, "program");
      for (const initializer of this.initializers) graph.message(5, initializer);
      for (const port of inputs) graph.message(11, (info) => writePort(info, port));
      for (const port of outputs) graph.message(12, (info) => writePort(info, port));
    });
    for (const [domain, version] of [
      ["", opset],
      ["com.microsoft", 1],
    ] as const) {
      writer.message(8, (entry) => entry.string(1, domain).int(2, version));
    }
    return writer.finish();
  }
}

/** An input or output of a model. */
export interface Port {
  name: string;
  type: TensorType;
}

function writeAttribute(writer: ProtoWriter, name: string, value: AttributeValue): void {
  writer.string(1, name);
  if ("i" in value) writer.int(3, value.i).int(20, 2);
  else if ("f" in value) writer.float(2, value.f).int(20, 1);
  else if ("s" in value) writer.string(4, value.s).int(20, 3);
  else {
    for (const i of value.ints) writer.int(8, i);
    writer.int(20, 7);
  }
}

function writePort(writer: ProtoWriter, port: Port): void {
  writer.string(1, port.name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.int(1, onnxTypes[port.type.dtype]).message(2, (shape) => {
        for (const dim of port.type.shape) shape.message(1, (entry) => writeDim(entry, dim));
      }),
    ),
  );
}

function writeDim(writer: ProtoWriter, dim: Dim): void {
  if (typeof dim === "number") writer.int(1, dim);
  else writer.string(2, dim);
}
