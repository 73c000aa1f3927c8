/** Slices of items that have a length in tokens, and maybe the name of a task and a depth. */

/** Matches the slice of one length, with the task before it where it is of one task alone. */
export const lengthSlice = /^(?:(.+), )?(\d+) tokens$/;

/** Matches the slice of one length and depth. The report shows these as maps. */
export const depthSlice = /^(?:(.+), )?(\d+) tokens, depth (\d+) %$/;

/** Slices of a length that are of one task alone: too many for a table on the screen. */
export const ofOneTask = /^.+, \d+ tokens$/;

export interface Place {
  task?: string;
  length: number;
  /** In percent of the text. */
  depth?: number;
}

export function placeSlice({ task, length, depth }: Place): string {
  const before = task === undefined ? "" : `${task}, `;
  return `${before}${length} tokens${depth === undefined ? "" : `, depth ${depth} %`}`;
}

/** The place that a slice is of; undefined for other slices. */
export function placeOf(slice: string): Place | undefined {
  const [, task, length, depth] = lengthSlice.exec(slice) ?? depthSlice.exec(slice) ?? [];
  if (length === undefined) return undefined;
  return {
    ...(task !== undefined && { task }),
    length: Number(length),
    ...(depth !== undefined && { depth: Number(depth) }),
  };
}

/** Matches the slice of what is predicted with so many tokens before it. */
export const contextSlice = /^(\d+) tokens before$/;

export function beforeSlice(context: number): string {
  return `${context} tokens before`;
}
