/** A kind of personal data: how it may look, and what tells the real ones. */
export interface PiiPattern {
  /** Global; every repetition is bounded or begins at a boundary, so time grows with the text alone. */
  pattern: RegExp;
  /** The text that replaces it. The names are Presidio's, which NeMo Curator uses as well. */
  placeholder: string;
  /** Whether the text can have any: a search that is faster than the pattern. */
  mayBeIn?(text: string): boolean;
  /** The part of what was found that is replaced, or null. Without it, all of it is. */
  real?(found: Found): Part | null;
}

/** What a pattern has found, and the text around it. */
export interface Found {
  match: RegExpMatchArray;
  /** Up to 60 characters of the same line. */
  before: string;
  after: string;
}

/** A half-open range of what was found. */
export interface Part {
  start: number;
  end: number;
}

/** All of what was found. */
export function whole({ match }: Found): Part {
  return { start: 0, end: match[0].length };
}

const around = 60;

/** What a pattern finds, with what stands beside it on its line. */
export function foundIn(text: string, match: RegExpMatchArray): Found {
  const start = match.index ?? 0;
  const end = start + match[0].length;
  const before = text.slice(Math.max(0, start - around), start);
  const after = text.slice(end, end + around);
  return { match, before: before.slice(before.lastIndexOf("\n") + 1), after: after.split("\n", 1)[0]! };
}
