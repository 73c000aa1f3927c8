import { DataError } from "../../errors.ts";
import type { Value } from "../../jinja/values/values.ts";
import type { Row } from "../task-config.ts";

/** A filter of lm-evaluation-harness by its name: what is made of the answers to one request. */
export interface HarnessFilter {
  name: string;
  /** Reads the options. Throws FilterError for what the filter does not take. */
  make(options: FilterOptions): RowFilter;
}

export type FilterOptions = Readonly<Record<string, Value>>;

/**
 * Answers to one request → what the next filter gets: a list for a list, one value once `take_first` was
 * there. Throws DataError where the harness would end with an exception.
 */
export type RowFilter = (answers: Value, row: Row) => Value;

/** Options that a filter does not take. */
export class FilterError extends DataError {}
