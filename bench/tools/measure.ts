/** Measuring. Times are medians; what counts is the ratio to the roofline of the same run. */
import { elementCount } from "../../src/engine/graph/element-count.ts";

/** What a rate is compared with: see roofline.ts. */
export interface Roofline {
  run(): Promise<void>;
  /** Work of one run: floating-point operations, or bytes. */
  work: number;
}

/** One line of a benchmark's table. */
export interface BenchRow {
  name: string;
  seconds: number;
  /** In `unit`, as is `roofline`. */
  rate: number;
  unit: string;
  roofline: number;
  /** rate / roofline, both of this run. */
  ratio: number;
  note: string;
}

/** One case of a suite. Its name is known before it runs, so that cases can be chosen. */
export interface BenchCase {
  name: string;
  run(): Promise<BenchRow>;
}

/**
 * Measures a call that does `work`, and the roofline in turns with it. `unit` names billions of this work per
 * second: GFLOP/s, GB/s.
 */
export async function measure(
  name: string,
  unit: string,
  {
    work,
    call,
    roofline,
    note,
  }: { work: number; call: () => Promise<unknown>; roofline: Roofline; note: string },
): Promise<BenchRow> {
  const { seconds, rooflineSeconds } = await inTurns(call, () => roofline.run());
  const rate = work / seconds / 1e9;
  const best = roofline.work / rooflineSeconds / 1e9;
  return { name, seconds, rate, unit, roofline: best, ratio: rate / best, note };
}

/** Wall time of a call, in seconds. */
export async function secondsOf(call: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await call();
  return (performance.now() - before) / 1000;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/**
 * Median times of a call and of the roofline. They are measured in turns, so that other work on the machine
 * slows both alike. The first two calls do not count, because they touch memory for the first time; where a
 * call takes seconds, only the first does not count.
 */
export async function inTurns(
  call: () => Promise<unknown>,
  roofline: () => Promise<unknown>,
): Promise<{ seconds: number; rooflineSeconds: number }> {
  let first = await secondsOf(call);
  if (first < 3) first = await secondsOf(call);
  await roofline();
  const [times, rooflineTimes]: [number[], number[]] = [[], []];
  for (let total = 0; times.length < 3 || (times.length < 15 && total < 5); total += times.at(-1)!) {
    times.push(await secondsOf(call));
    rooflineTimes.push(await secondsOf(roofline));
  }
  return { seconds: median(times), rooflineSeconds: median(rooflineTimes) };
}

/** Uniform values in ±size from a fixed sequence. */
export function randomTensor(
  shape: readonly number[],
  size: number,
): { data: Float32Array; shape: readonly number[] } {
  let state = 1;
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (state / 2 ** 31 - 1) * size;
  }
  return { data, shape };
}
