/** What the model reads before, and the tokens whose probability is taken. */
export interface RollingWindow {
  context: number[];
  scored: number[];
}

/**
 * Windows of a text's tokens for its log-likelihood, as lm-evaluation-harness makes them
 * (`get_rolling_token_windows` with one token of context, then `make_disjoint_window`): each token is scored
 * once; the first has `prefix` before it; the last window reaches back until it is `maxLength` tokens long.
 */
export function rollingWindows(
  tokens: readonly number[],
  prefix: number,
  maxLength: number,
): RollingWindow[] {
  if (!Number.isInteger(maxLength) || maxLength < 1)
    throw new RangeError(`rolling windows: expected a length of at least 1 token, got ${maxLength}`);
  if (tokens.length === 0) return [];
  const windows: RollingWindow[] = [{ context: [prefix], scored: tokens.slice(0, maxLength) }];
  for (let done = maxLength; done < tokens.length; done += maxLength) {
    const end = Math.min(tokens.length, done + maxLength);
    windows.push({ context: tokens.slice(end - maxLength - 1, done), scored: tokens.slice(done, end) });
  }
  return windows;
}
