import type { Row } from "../task-config.ts";
import type { Shape } from "./shape.ts";

/** Rows of one file or several, of which only as many are held as are asked for. */
export interface Table {
  /** Columns in their order, and what each is. */
  columns: ReadonlyMap<string, Shape>;
  /** All rows there are. */
  total: number;
  /** The first `limit` rows. `columns`: what they are to be, where another split says so too. */
  rows(limit: number, columns: ReadonlyMap<string, Shape>): AsyncGenerator<Row>;
}
