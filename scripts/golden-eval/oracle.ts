/** What was compared, with what it should be. */
export interface Comparison {
  what: string;
  isRight: boolean;
  /** Expected and got, where wrong. */
  detail?: string;
}

/** Holds one kind of oracle file against our code: one file beside this one, and a line in `index.ts`. */
export interface Oracle {
  /** Whether a file in DIR is of this kind, by its name. */
  takes(fileName: string): boolean;
  compare(path: string): AsyncIterable<Comparison> | Iterable<Comparison>;
}

/** Within 1e-9, NaN equal to NaN. */
export function isClose(got: number, expected: number, bar = 1e-9): boolean {
  return Object.is(got, expected) || Math.abs(got - expected) <= bar;
}
