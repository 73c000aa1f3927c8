import type { OptimizerName } from "../../../src/finetune/optimizers/index.ts";
import { type Algebra, arrayNames, stateNames, type UpdateAt } from "../../../src/finetune/update/rule.ts";
import { type OptimizerSettings, optimizerSettings } from "../../../src/finetune/update/settings.ts";
import { randomOf } from "../../../src/random.ts";

const float64: Algebra<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  sqrt: Math.sqrt,
  sign: Math.sign,
};

/** Arrays of one update by name, all of one length. */
export type Arrays = Record<string, Float32Array>;

/** A rule in float64: the new values and state, which kernels and graphs in float32 are held against. */
export function byDefinition(
  { rule, options }: OptimizerSettings,
  arrays: Arrays,
  at: UpdateAt & { scale: number },
): Record<string, number[]> {
  const scalars = rule.scalars(options, at);
  const updated = Array.from(arrays.values!, (_, i) => {
    const own = Object.entries(arrays).map(([name, array]) => [name, array[i]!]);
    const x: Record<string, number> = { ...Object.fromEntries(own), ...scalars };
    return rule.update(float64, { ...x, gradient: x.gradient! * at.scale });
  });
  const names = ["values", ...stateNames(rule)];
  return Object.fromEntries(names.map((name) => [name, updated.map((one) => one[name]!)]));
}

/** Random values and gradient, some of them 0, and the state that three such gradients leave. */
export function randomArrays(settings: OptimizerSettings, length: number): Arrays {
  const random = randomOf(length, "optimizer");
  const normal = () =>
    Float32Array.from({ length }, (_, i) => (i % 11 === 10 ? 0 : Math.fround(random.normal())));
  const arrays: Arrays = Object.fromEntries(
    arrayNames(settings.rule).map((name) => [name, new Float32Array(length)]),
  );
  for (let step = 1; step <= 3; step++) {
    arrays.gradient = normal();
    const updated = byDefinition(settings, arrays, { step, lr: 0, decay: 0, scale: 1 });
    for (const name of stateNames(settings.rule)) arrays[name]!.set(updated[name]!);
  }
  return { ...arrays, values: normal(), gradient: normal() };
}

/** Settings in which nothing is 0, so that every term of the rule counts. */
export function testSettings(name: OptimizerName): OptimizerSettings {
  return optimizerSettings(name, { weight_decay: 0.1, max_grad_norm: 1 });
}

/** The arrays that `others` has, too: of an update, those that it changes. */
export function sameNames(arrays: Arrays, others: Record<string, unknown>): Arrays {
  return Object.fromEntries(Object.keys(others).map((name) => [name, arrays[name]!]));
}
