/** The normal distribution's 97.5 % point. */
const z = 1.959_963_984_540_054;

/** Wilson's 95 % interval of a share, which holds for few items and for shares near 0 and 1 as well. */
export function wilsonInterval95(right: number, count: number): readonly [number, number] {
  const share = right / count;
  const middle = share + (z * z) / (2 * count);
  const half = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}
