/**
 * The arithmetic of an AdamW step as WebAssembly: four float32 lanes at a time, where a loop in JavaScript computes
 * each element alone and in float64. Moments below the least normal float32 become 0: those of an embedding's row
 * that is seldom seen would sink there and stay, and arithmetic on such numbers is forty times as slow. Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).
 */

/** Values of a tensor that the kernel has in its memory at once: all four arrays stay in the second-level cache. */
export const kernelValues = 8192;

export interface AdamwKernel {
  /** Where the kernel finds its operands and leaves results. */
  values: Float32Array;
  gradient: Float32Array;
  m: Float32Array;
  v: Float32Array;
  /** Over the first `count` values of each, rounded up to a multiple of 4. */
  run(count: number, by: AdamwFactors): void;
}

/** With g = scale · gradient: m = β₁ m + c₁ g; v = β₂ v + c₂ g²; values = keep · values − stepSize · m / (rootScale · √v + eps). */
export interface AdamwFactors {
  scale: number;
  beta1: number;
  c1: number;
  beta2: number;
  c2: number;
  keep: number;
  stepSize: number;
  rootScale: number;
  eps: number;
}

const factorNames = ["scale", "beta1", "c1", "beta2", "c2", "keep", "stepSize", "rootScale", "eps"] as const;
const arrays = ["values", "gradient", "m", "v"] as const;
type Name = (typeof factorNames)[number] | (typeof arrays)[number] | "first" | "second";

type Code = readonly number[];
const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];

/** Unsigned LEB128. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
const counted = (parts: readonly Code[]): number[] => [...varint(parts.length), ...parts.flat()];
const section = (id: number, body: Code): number[] => [id, ...varint(body.length), ...body];
const vector = (opcode: number): number[] => [0xfd, ...varint(opcode)];

// Locals: 0 the end and then each factor as parameters, then the place in bytes, then vectors.
const parameters = 1 + factorNames.length;
const at = parameters;
const splats = at + 1;
const temporaries = splats + factorNames.length;
const smallest = temporaries + 2;
const get = (local: number): number[] => [0x20, ...varint(local)];
const set = (local: number): number[] => [0x21, ...varint(local)];
const tee = (local: number): number[] => [0x22, ...varint(local)];
const memory = (opcode: number, name: string): number[] => [
  ...vector(opcode),
  4,
  ...varint(arrays.indexOf(name as "v") * kernelValues * 4),
];

/** Expressions of four lanes, written as calls. */
const of = (name: Name): number[] => {
  const factor = factorNames.indexOf(name as "eps");
  if (factor >= 0) return get(splats + factor);
  const temporary = ["first", "second"].indexOf(name);
  return temporary >= 0 ? get(temporaries + temporary) : [...get(at), ...memory(0x00, name)];
};
const binary =
  (opcode: number) =>
  (a: Code, b: Code): number[] => [...a, ...b, ...vector(opcode)];
const [add, sub, mul, div] = [0xe4, 0xe5, 0xe6, 0xe7].map(binary) as [Binary, Binary, Binary, Binary];
type Binary = ReturnType<typeof binary>;
const sqrt = (x: Code): number[] => [...x, ...vector(0xe3)];
/** Zero where a lane's magnitude is below the least normal number: x ∧ (|x| ≥ 2⁻¹²⁶). */
const flushed = (x: Code, local: number): number[] => [
  ...[
    ...x,
    ...tee(local),
    ...get(local),
    ...vector(0xe0),
    ...get(smallest),
    ...vector(0x46),
    ...vector(0x4e),
  ],
  ...tee(local),
];
const store = (name: Name, x: Code): number[] => [...get(at), ...x, ...memory(0x0b, name)];

function moduleBytes(): Uint8Array {
  const g = mul(of("gradient"), of("scale"));
  const body = [
    ...factorNames.flatMap((_, i) => [...get(1 + i), ...vector(0x13), ...set(splats + i)]),
    ...[0x43, 0, 0, 0x80, 0, ...vector(0x13), ...set(smallest)],
    ...[0x03, 0x40], // loop
    ...store("m", flushed(add(mul(of("m"), of("beta1")), mul(g, of("c1"))), temporaries)),
    ...store("v", flushed(add(mul(of("v"), of("beta2")), mul(mul(g, g), of("c2"))), temporaries + 1)),
    ...store(
      "values",
      sub(
        mul(of("values"), of("keep")),
        div(mul(of("first"), of("stepSize")), add(mul(sqrt(of("second")), of("rootScale")), of("eps"))),
      ),
    ),
    ...[...get(at), 0x41, 16, 0x6a, ...tee(at), ...get(0), 0x49, 0x0d, 0], // at += 16; branch while at < end
    ...[0x0b, 0x0b],
  ];
  const locals = counted([
    [1, i32],
    [...varint(factorNames.length + 3), v128],
  ]);
  const type = [0x60, ...counted([[i32], ...factorNames.map(() => [f32])]), 0];
  const pages = (arrays.length * kernelValues * 4) / 65536;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, counted([type])),
    ...section(3, counted([[0]])),
    ...section(5, counted([[0, ...varint(pages)]])),
    ...section(
      7,
      counted([
        [1, 0x6d, 2, 0], // "m": memory 0
        [1, 0x66, 0, 0], // "f": function 0
      ]),
    ),
    ...section(10, counted([[...varint(locals.length + body.length), ...locals, ...body]])),
  ]);
}

/** What is used of the global of that name: neither Node's types nor ECMAScript's have it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
  ) => { exports: { m: { buffer: ArrayBuffer }; f(end: number, ...factors: number[]): void } };
};

let kernel: AdamwKernel | undefined;

/** The kernel of this process; one call of it at a time. */
export function adamwKernel(): AdamwKernel {
  if (kernel) return kernel;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
  const { buffer } = exports.m;
  const [values, gradient, m, v] = arrays.map(
    (_, i) => new Float32Array(buffer, i * kernelValues * 4, kernelValues),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  kernel = {
    ...{ values, gradient, m, v },
    run: (count, by) => exports.f(Math.ceil(count / 4) * 16, ...factorNames.map((name) => by[name])),
  };
  return kernel;
}
