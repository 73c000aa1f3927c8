import type { Row } from "../../task-config.ts";
import { FilterError } from "../filter.ts";

/** The question of a row of BIG-Bench Hard. */
export function inputOf(row: Row, filter: string): string {
  const input = row.get("input");
  if (typeof input === "string") return input;
  throw new FilterError(`${filter}: expected a column input with a text in the row, got none`);
}
