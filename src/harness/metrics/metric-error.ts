import { DataError } from "../../errors.ts";

/** A row or a set of rows that a metric has no value for: the harness ends there with an exception. */
export class MetricError extends DataError {}
