import type { Value } from "../../jinja/values/values.ts";
import type { Aggregation, ProcessDocs, ProcessResults, Row, RowHelper } from "../task-config.ts";

/** What a Python function of the harness may be used for. */
export interface Roles {
  rows: ProcessDocs;
  row: RowHelper;
  results: ProcessResults;
  aggregation: Aggregation;
  /** The name of a filter of ours. */
  filter: { standsFor: string; name: string };
}
export type Role = keyof Roles;

/** What stands for one Python function, by its use. */
export type Helper = Partial<Roles>;

/** A Python function that there is something for, and how it is known again. */
export interface KnownFunction {
  /** File and function in lm-evaluation-harness, `hellaswag/utils.process_docs`. */
  standsFor: string;
  /** Of its meaning (see python/meaning.ts): a function with another is another function. */
  hashes: readonly string[];
  /** `given`: what a `partial` of it fixes, nothing where the function itself is named. */
  make(given: Readonly<Record<string, string | boolean>>): Helper | undefined;
}

type Known = Pick<KnownFunction, "standsFor" | "hashes">;

export function ofRows(known: Known, of: (rows: readonly Row[]) => Row[]): KnownFunction {
  return { ...known, make: () => ({ rows: { standsFor: known.standsFor, ofRows: of } }) };
}

/** For `process_docs` that go row by row. */
export function ofEachRow(known: Known, of: (row: Row) => Row): KnownFunction {
  return ofRows(known, (rows) => rows.map(of));
}

export function ofRow(known: Known, of: (row: Row) => Value): KnownFunction {
  return { ...known, make: () => ({ row: { standsFor: known.standsFor, ofRow: of } }) };
}

export function ofResults(
  known: Known,
  of: (row: Row, results: readonly Value[]) => Record<string, unknown>,
): KnownFunction {
  return { ...known, make: () => ({ results: { standsFor: known.standsFor, ofResults: of } }) };
}

export function ofItems(known: Known, of: (items: readonly unknown[]) => number): KnownFunction {
  return { ...known, make: () => ({ aggregation: { standsFor: known.standsFor, ofItems: of } }) };
}
