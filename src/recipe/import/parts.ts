/** Keys and values of a config. */
export type Fields = Record<string, unknown>;

/** Something of a config that a recipe does not have, and why. */
export interface Left {
  key: string;
  why: string;
}
