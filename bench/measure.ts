/** Small tools of the benchmarks. Times are medians; what counts is the ratio to the roofline of the same run. */
export interface Row {
  name: string;
  seconds: number;
  rate: number;
  unit: string;
  roofline: number;
  ratio: number;
  note: string;
}

/** Median wall time of a call, after one that is not counted; at least three calls and about a second. */
export async function medianSeconds(call: () => Promise<unknown>): Promise<number> {
  await call();
  const times: number[] = [];
  const start = performance.now();
  while (times.length < 3 || performance.now() - start < 1500) {
    const before = performance.now();
    await call();
    times.push((performance.now() - before) / 1000);
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1]!;
}

/** Uniform values in ±size from a fixed sequence. */
export function randomTensor(
  shape: readonly number[],
  size: number,
): { data: Float32Array; shape: readonly number[] } {
  let state = 1;
  const data = new Float32Array(shape.reduce((n, dim) => n * dim, 1));
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (state / 2 ** 31 - 1) * size;
  }
  return { data, shape };
}
