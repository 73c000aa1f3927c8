import { type Code, createKernel, f32, get, i32, repeat, set, tee, v128, varint, vector } from "../wasm.ts";

/**
 * The arithmetic of an AdamW step as WebAssembly: four float32 lanes at a time, where a loop in JavaScript computes
 * each element alone and in float64. Moments below the least normal float32 become 0: those of an embedding's row
 * that is seldom seen would sink there and stay, and arithmetic on such numbers is forty times as slow.
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

// Locals: 0 the end and then each factor as parameters, then the place in bytes, then vectors.
const parameters = 1 + factorNames.length;
const at = parameters;
const splats = at + 1;
const temporaries = splats + factorNames.length;
const smallest = temporaries + 2;
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

function body(): Code {
  const g = mul(of("gradient"), of("scale"));
  const step = [
    ...store("m", flushed(add(mul(of("m"), of("beta1")), mul(g, of("c1"))), temporaries)),
    ...store("v", flushed(add(mul(of("v"), of("beta2")), mul(mul(g, g), of("c2"))), temporaries + 1)),
    ...store(
      "values",
      sub(
        mul(of("values"), of("keep")),
        div(mul(of("first"), of("stepSize")), add(mul(sqrt(of("second")), of("rootScale")), of("eps"))),
      ),
    ),
  ];
  return [
    ...factorNames.flatMap((_, i) => [...get(1 + i), ...vector(0x13), ...set(splats + i)]),
    ...[0x43, 0, 0, 0x80, 0, ...vector(0x13), ...set(smallest)],
    ...repeat(step, { at, end: 0, bytes: 16 }),
  ];
}

let kernel: AdamwKernel | undefined;

/** The kernel of this process; one call of it at a time. */
export function adamwKernel(): AdamwKernel {
  if (kernel) return kernel;
  const { memory: buffer, run } = createKernel({
    parameters: [i32, ...factorNames.map(() => f32)],
    locals: [
      [1, i32],
      [factorNames.length + 3, v128],
    ],
    body: body(),
    memoryBytes: arrays.length * kernelValues * 4,
  });
  const [values, gradient, m, v] = arrays.map(
    (_, i) => new Float32Array(buffer, i * kernelValues * 4, kernelValues),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  kernel = {
    ...{ values, gradient, m, v },
    run: (count, by) => run(Math.ceil(count / 4) * 16, ...factorNames.map((name) => by[name])),
  };
  return kernel;
}
