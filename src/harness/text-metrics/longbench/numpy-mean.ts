/**
 * numpy's mean, to the last bit: it adds in pairs of blocks, and with two places in print the last bit
 * decides where a value lies halfway. NaN of nothing.
 */
export function numpyMean(values: readonly number[]): number {
  return sum(values, 0, values.length) / values.length;
}

function sum(values: readonly number[], start: number, end: number): number {
  const count = end - start;
  if (count < 8) {
    let total = 0;
    for (let i = start; i < end; i++) total += values[i]!;
    return total;
  }
  if (count > 128) {
    const half = Math.floor(count / 2);
    const middle = start + half - (half % 8);
    return sum(values, start, middle) + sum(values, middle, end);
  }
  const lanes = values.slice(start, start + 8);
  const whole = end - (count % 8);
  for (let i = start + 8; i < whole; i++) lanes[(i - start) % 8]! += values[i]!;
  const [a, b, c, d, e, f, g, h] = lanes as [number, number, number, number, number, number, number, number];
  let total = a + b + (c + d) + (e + f + (g + h));
  for (let i = whole; i < end; i++) total += values[i]!;
  return total;
}
