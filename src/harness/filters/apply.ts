import { DataError } from "../../errors.ts";
import type { Value } from "../../jinja/values/values.ts";
import type { FilterConfig, Row } from "../task-config.ts";
import { filters, pythonFilters } from "./catalog/index.ts";
import { FilterError, type RowFilter } from "./filter.ts";

/** What a pipeline made of the answers to a request, or why it could not. */
export type Filtered = { value: Value } | { error: string };

/** What the harness does where a task names no filters: the first answer counts. */
export const defaultPipeline = { name: "none", filter: [{ function: "take_first", options: {} }] } as const;

/**
 * Applies a pipeline to the answers of each request: `resps[i]` are the answers to request `i` (one a repeat,
 * or the one pair of a log-likelihood), `rows[i]` is its row. A request on which a filter fails, where the
 * harness would end the run, has an error of its own. Throws FilterError for a filter that there is not, or
 * options that it does not take.
 */
export function applyFilters(
  pipeline: readonly FilterConfig[],
  resps: readonly (readonly Value[])[],
  rows: readonly Row[],
): Filtered[] {
  const steps = pipeline.map((config) => [config.function, make(config)] as const);
  return resps.map((answers, i) => {
    let value: Value = answers;
    for (const [name, step] of steps) {
      try {
        value = step(value, rows[i]!);
      } catch (error) {
        if (error instanceof DataError) return { error: `filter ${name}: ${error.message}` };
        throw error;
      }
    }
    return { value };
  });
}

function make(config: FilterConfig): RowFilter {
  const filter = [...filters, ...pythonFilters].find(({ name }) => name === config.function);
  if (!filter) {
    const why = config.function === "custom" ? ", which runs a Python function of the task's" : "";
    const names = filters.map(({ name }) => name).join(", ");
    throw new FilterError(`filter: expected one of ${names}, got ${config.function}${why}`);
  }
  try {
    return filter.make(config.options);
  } catch (error) {
    if (error instanceof DataError) throw new FilterError(`filter ${config.function}: ${error.message}`);
    throw error;
  }
}
