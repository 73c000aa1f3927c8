/** The normal distribution's 97.5 % point. */
const z = 1.959_963_984_540_054;

/** Wilson's 95 % interval of a share, which holds for few items and for shares near 0 and 1 as well. */
export function wilsonInterval95(right: number, count: number): readonly [number, number] {
  return wilsonWith(right / count, count, z);
}

/** The same of a share of so many items, not always a whole number, within `t` standard errors. */
export function wilsonWith(share: number, count: number, t: number): readonly [number, number] {
  const middle = share + (t * t) / (2 * count);
  const half = t * Math.sqrt((share * (1 - share)) / count + (t * t) / (4 * count * count));
  const scale = 1 + (t * t) / count;
  // At the ends only rounding would keep it from them.
  const low = share === 0 ? 0 : Math.max(0, (middle - half) / scale);
  const high = share === 1 ? 1 : Math.min(1, (middle + half) / scale);
  return [low, high];
}
