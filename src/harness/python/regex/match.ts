export interface PatternMatch {
  /** In code points. */
  start: number;
  end: number;
  /** Text of a group, 0 being the whole; undefined where it took no part. */
  group(index: number): string | undefined;
}
