import type { Aggregation, ProcessDocs, ProcessResults, RowHelper } from "../task-config.ts";

/** What a Python function of the harness may be used for. */
export interface Roles {
  rows: ProcessDocs;
  row: RowHelper;
  results: ProcessResults;
  aggregation: Aggregation;
}
export type Role = keyof Roles;

/** What stands for one Python function, by its use. */
export type Helper = Partial<Roles>;
