import { type Code, createKernel, f32, get, i32, repeat, set, tee, v128, vector } from "../../wasm.ts";

/**
 * The arithmetic of an AdamW step as WebAssembly: four float32 lanes at a time, where a loop in JavaScript computes
 * each element alone and in float64. Moments below the least normal float32 become 0: those of an embedding's row
 * that is seldom seen would sink there and stay, and arithmetic on such numbers is forty times as slow.
 */

export interface AdamwKernel {
  /** All that the kernel sees. */
  memory: ArrayBuffer;
  /**
   * Over `count` values, rounded up to a multiple of 4, of arrays in its memory, each told by its first byte, a
   * multiple of 16. Clears the gradient.
   */
  run(places: Record<AdamwArray, number>, count: number, by: AdamwFactors): void;
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
export const adamwArrays = ["values", "gradient", "m", "v"] as const;
export type AdamwArray = (typeof adamwArrays)[number];
type Name = (typeof factorNames)[number] | AdamwArray | "first" | "second";

// Locals: 0 the end, the arrays' places and each factor as parameters, then the place in all of them, then vectors.
const firstFactor = 1 + adamwArrays.length;
const at = firstFactor + factorNames.length;
const splats = at + 1;
const temporaries = splats + factorNames.length;
const smallest = temporaries + 2;
const addressOf = (name: string): number[] => [
  ...get(at),
  ...get(1 + adamwArrays.indexOf(name as AdamwArray)),
  0x6a,
];
const memory = (opcode: number): number[] => [...vector(opcode), 4, 0];

/** Expressions of four lanes, written as calls. */
const of = (name: Name): number[] => {
  const factor = factorNames.indexOf(name as "eps");
  if (factor >= 0) return get(splats + factor);
  const temporary = ["first", "second"].indexOf(name);
  return temporary >= 0 ? get(temporaries + temporary) : [...addressOf(name), ...memory(0x00)];
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
const store = (name: Name, x: Code): number[] => [...addressOf(name), ...x, ...memory(0x0b)];
const zero = [...vector(0x0c), ...new Array<number>(16).fill(0)];

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
    ...store("gradient", zero),
  ];
  return [
    ...factorNames.flatMap((_, i) => [...get(firstFactor + i), ...vector(0x13), ...set(splats + i)]),
    ...[0x43, 0, 0, 0x80, 0, ...vector(0x13), ...set(smallest)],
    ...repeat(step, { at, end: 0, bytes: 16 }),
  ];
}

/** A kernel with a memory of so many bytes, all zero, of which the system gives what is touched. */
export function createAdamwKernel(memoryBytes: number): AdamwKernel {
  const { memory, run } = createKernel({
    parameters: [i32, ...adamwArrays.map(() => i32), ...factorNames.map(() => f32)],
    locals: [
      [1, i32],
      [factorNames.length + 3, v128],
    ],
    body: body(),
    memoryBytes,
  });
  return {
    memory,
    run: (places, count, by) =>
      run(
        Math.ceil(count / 4) * 16,
        ...adamwArrays.map((name) => places[name]),
        ...factorNames.map((name) => by[name]),
      ),
  };
}
