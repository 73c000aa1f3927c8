import type { DatasetEntry } from "../entry.ts";
import { mobyDick } from "./moby-dick.ts";
import { mobyDickText } from "./moby-dick-text.ts";
import { stateOfTheUnion } from "./state-of-the-union.ts";
import { stateOfTheUnionText } from "./state-of-the-union-text.ts";
import { worldFactbook } from "./world-factbook.ts";
import { worldFactbookText } from "./world-factbook-text.ts";

/** Datasets that a recipe may name under `catalog`. */
export const catalog = {
  "moby-dick": mobyDick,
  "moby-dick-text": mobyDickText,
  "state-of-the-union": stateOfTheUnion,
  "state-of-the-union-text": stateOfTheUnionText,
  "world-factbook": worldFactbook,
  "world-factbook-text": worldFactbookText,
} as const satisfies Record<string, DatasetEntry>;
