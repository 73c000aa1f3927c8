import { bbhMapFilter } from "../bbh/map.ts";
import { bbhMultiChoiceFilter } from "../bbh/multi-choice.ts";
import { bbhNumberFilter } from "../bbh/number.ts";
import { bbhWordSortFilter } from "../bbh/word-sort.ts";
import type { HarnessFilter } from "../filter.ts";
import { formatSpanFilter } from "./format-span.ts";
import { lowercaseFilter } from "./lowercase.ts";
import { majorityVoteFilter } from "./majority-vote.ts";
import { mapFilter } from "./map.ts";
import { multiChoiceRegexFilter } from "./multi-choice-regex.ts";
import { regexFilter } from "./regex.ts";
import { regexPosFilter } from "./regex-pos.ts";
import { removeWhitespaceFilter } from "./remove-whitespace.ts";
import { takeFirstFilter } from "./take-first.ts";
import { takeFirstKFilter } from "./take-first-k.ts";
import { uppercaseFilter } from "./uppercase.ts";

/** The filters of lm-evaluation-harness 0.4.13, but `custom`, which runs a Python function. */
export const filters: readonly HarnessFilter[] = [
  formatSpanFilter,
  lowercaseFilter,
  majorityVoteFilter,
  mapFilter,
  multiChoiceRegexFilter,
  regexFilter,
  regexPosFilter,
  removeWhitespaceFilter,
  takeFirstFilter,
  takeFirstKFilter,
  uppercaseFilter,
];

/** Those that task files name as Python (`!function utils.MapRegexFilter`), by names of ours. */
export const pythonFilters: readonly HarnessFilter[] = [
  bbhMapFilter,
  bbhMultiChoiceFilter,
  bbhNumberFilter,
  bbhWordSortFilter,
];
