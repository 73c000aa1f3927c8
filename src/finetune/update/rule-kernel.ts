import {
  type Code,
  createKernel,
  f32,
  f32x4Const,
  get,
  i32,
  load,
  op,
  repeat,
  set,
  storeVector,
  tee,
  v128,
} from "../../wasm.ts";
import { type Algebra, arrayNames, type OptimizerRule, scalarNames, stateNames } from "./rule.ts";

/**
 * The arithmetic of an optimizer's step as WebAssembly: four float32 lanes at a time, where a loop in
 * JavaScript computes each element alone and in float64. State below the least normal float32 becomes 0: the
 * state of a rarely used row of the embedding would sink there and stay, and arithmetic on such numbers is
 * forty times as slow.
 */
export interface RuleKernel {
  rule: OptimizerRule;
  /** All memory that the kernel can reach. */
  memory: ArrayBuffer;
  /**
   * Over `count` values, rounded up to a multiple of 4. `places`: the first byte of each of `arrayNames` in
   * the memory, a multiple of 16. `scalars`: by `scalarNames`. Clears the gradient.
   */
  run(places: readonly number[], count: number, scalars: Readonly<Record<string, number>>): void;
}

/**
 * A kernel with a memory of `memoryBytes` bytes, all zero. The system provides only the pages that are used.
 */
export function createRuleKernel(rule: OptimizerRule, memoryBytes: number): RuleKernel {
  const names = scalarNames(rule);
  const { body, vectors } = kernelCode(rule);
  const { memory, run } = createKernel({
    parameters: [i32, ...arrayNames(rule).map(() => i32), ...names.map(() => f32)],
    locals: [
      [1, i32],
      [vectors, v128],
    ],
    body,
    memoryBytes,
  });
  return {
    rule,
    memory,
    run(places, count, scalars) {
      run(Math.ceil(count / 4) * 16, ...places, ...names.map((name) => scalars[name]!));
    },
  };
}

/** What a rule computes. A value that several others use is one object, so that it is computed once. */
type Expression =
  | { kind: "array" | "scalar"; name: string }
  | { kind: "apply"; op: keyof Algebra<unknown>; operands: readonly Expression[] };

const apply =
  (op: keyof Algebra<unknown>) =>
  (...operands: Expression[]): Expression => ({ kind: "apply", op, operands });

const expressions: Algebra<Expression> = {
  add: apply("add"),
  sub: apply("sub"),
  mul: apply("mul"),
  div: apply("div"),
  sqrt: apply("sqrt"),
  sign: apply("sign"),
};

const binary = {
  add: "f32x4.add",
  sub: "f32x4.sub",
  mul: "f32x4.mul",
  div: "f32x4.div",
} as const;

/** The function's body, and how many locals for vectors it has after its one for the place in all arrays. */
function kernelCode(rule: OptimizerRule): { body: Code; vectors: number } {
  const arrays = arrayNames(rule);
  const scalars = scalarNames(rule);
  // Locals: the end, the arrays' places and the scalars as parameters; then the place in all arrays, then
  // vectors.
  const end = 0;
  const placeOf = (array: string) => 1 + arrays.indexOf(array);
  const firstScalar = 1 + arrays.length;
  const at = firstScalar + scalars.length;
  let next = at + 1;
  const addressOf = (array: string) => op("i32.add", get(at), get(placeOf(array)));

  const leaf = (kind: "array" | "scalar") => (name: string) => [name, { kind, name } as Expression] as const;
  const inputs = Object.fromEntries([...arrays.map(leaf("array")), ...scalars.map(leaf("scalar"))]);
  const gradient = expressions.mul(inputs.gradient!, inputs.scale!);
  const updated = rule.update(expressions, { ...inputs, gradient });
  const state = new Set(stateNames(rule).map((name) => updated[name]!));
  const uses = usesOf(Object.values(updated));

  const locals = new Map<Expression, number>();
  const splats = scalars.flatMap((name, i) => {
    locals.set(inputs[name]!, next);
    return set(next++, op("f32x4.splat", get(firstScalar + i)));
  });
  const leastNormal = next++;

  const computed = (expression: Expression): Code => {
    if (expression.kind !== "apply") return load("v128.load", addressOf(expression.name));
    const operands = expression.operands.map(codeOf);
    if (expression.op === "sqrt") return op("f32x4.sqrt", ...operands);
    if (expression.op === "sign") return signOf(operands[0]!, next++);
    return op(binary[expression.op], ...operands);
  };
  /** Code that leaves the value; what is used more than once is computed once. */
  const codeOf = (expression: Expression): Code => {
    const known = locals.get(expression);
    if (known !== undefined) return get(known);
    const code = computed(expression);
    if ((uses.get(expression) ?? 0) < 2) return code;
    const local = next++;
    locals.set(expression, local);
    return tee(local, state.has(expression) ? flushed(code, local, leastNormal) : code);
  };

  // All is computed before anything is stored: a rule may use old state beside the new one.
  const outputs = [...stateNames(rule), "values"].map((name) => [name, updated[name]!] as const);
  const step = [
    ...outputs.flatMap(([, output]) => (locals.has(output) ? [] : op("drop", codeOf(output)))),
    ...outputs.flatMap(([name, output]) => storeVector(addressOf(name), codeOf(output))),
    ...storeVector(addressOf("gradient"), f32x4Const(0)),
  ];
  const body = [
    ...splats,
    ...set(leastNormal, f32x4Const(2 ** -126)),
    ...repeat(step, { at, end, bytes: 16 }),
  ];
  return { body, vectors: next - at - 1 };
}

/** How often each expression is used by others; an output counts as used twice, as it is stored as well. */
function usesOf(outputs: readonly Expression[]): Map<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (expression: Expression): void => {
    const before = uses.get(expression) ?? 0;
    uses.set(expression, before + 1);
    if (before === 0 && expression.kind === "apply") expression.operands.forEach(visit);
  };
  outputs.forEach(visit);
  for (const output of outputs) uses.set(output, (uses.get(output) ?? 0) + 1);
  return uses;
}

/** Zero where a lane's magnitude is below the least normal number: x ∧ (|x| ≥ 2⁻¹²⁶). Keeps x in a local. */
function flushed(x: Code, local: number, leastNormal: number): Code {
  const isNormal = op("f32x4.ge", op("f32x4.abs", get(local)), get(leastNormal));
  return op("v128.and", tee(local, x), isNormal);
}

/**
 * (x > 0) − (x < 0): comparisons leave all bits of a lane set or none, so "and" with 1 makes numbers of them.
 */
function signOf(x: Code, local: number): Code {
  const [zero, one] = [f32x4Const(0), f32x4Const(1)];
  const isPositive = op("v128.and", op("f32x4.gt", tee(local, x), zero), one);
  const isNegative = op("v128.and", op("f32x4.lt", get(local), zero), one);
  return op("f32x4.sub", isPositive, isNegative);
}
