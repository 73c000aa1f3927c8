import type { Filter } from "../filter.ts";
import { boilerplate } from "./boilerplate.ts";
import { language } from "./language.ts";
import { length } from "./length.ts";
import { refusal } from "./refusal.ts";
import { repetition } from "./repetition.ts";

/** Filters that a recipe may name under `data.curate.filters`. */
export const filterCatalog = {
  boilerplate,
  language,
  length,
  refusal,
  repetition,
} as const satisfies Record<string, Filter>;
