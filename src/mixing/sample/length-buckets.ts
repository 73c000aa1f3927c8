/** Which bucket a length is in: 0 below the first bound, `bounds.length` from the last one on. */
export function bucketOf(tokens: number, bounds: readonly number[]): number {
  const index = bounds.findIndex((bound) => tokens < bound);
  return index < 0 ? bounds.length : index;
}

/** `under 2k`, `2k to 8k`, `8k and more`. */
export function bucketName(bucket: number, bounds: readonly number[]): string {
  if (bounds.length === 0) return "any length";
  if (bucket === 0) return `under ${shortOf(bounds[0]!)}`;
  if (bucket === bounds.length) return `${shortOf(bounds.at(-1)!)} and more`;
  return `${shortOf(bounds[bucket - 1]!)} to ${shortOf(bounds[bucket]!)}`;
}

function shortOf(tokens: number): string {
  return tokens % 1024 === 0 ? `${tokens / 1024}k` : String(tokens);
}
