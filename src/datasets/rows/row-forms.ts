import type { JsonObject } from "../files/json-rows.ts";
import { detail } from "../reason.ts";
import type { Dropped, Turns } from "./conversation.ts";
import type { DocumentFormat, RowFormat } from "./format.ts";
import { type FormatName, formatCatalog } from "./formats/index.ts";

/** How a row is read. */
export interface RowForm {
  /** For counts by form. */
  name: string;
  convert(row: JsonObject): Turns | Dropped | readonly (Turns | Dropped)[];
  /** Columns that are read: others are reported as not used. Without it nothing is reported. */
  keys?: readonly string[];
  /** Keys that are read of a turn, its role's key first: others are reported. */
  turnKeys?: readonly string[];
}

/** How each row of a source is read. */
export type FormOf = (row: JsonObject) => RowForm;

/**
 * Rows that fit none of the known forms: they are dropped, with the reason of the form that the others
 * have.
 */
export const unknownForm = "no known form";

const known = Object.entries<RowFormat | DocumentFormat>(formatCatalog).flatMap(([name, format]) =>
  format.kind === "rows" ? [{ format, form: formNamed(name, format) }] : [],
);

export function formNamed(name: string, { convert, keys, turnKeys }: RowFormat): RowForm {
  return { name, convert, keys, ...(turnKeys && { turnKeys }) };
}

/** The form that a row looks like; undefined for none. */
export function knownForm(row: JsonObject): RowForm | undefined {
  return known.find(({ format }) => format.fits(row))?.form;
}

/** Each row by its own form, and those of no known form by the `usual` one. */
export function formsByRow(usual: FormatName): FormOf {
  const { form } = known.find(({ form: { name } }) => name === usual) ?? known[0]!;
  const fallback: RowForm = {
    ...form,
    name: unknownForm,
    convert(row) {
      const turns = form.convert(row);
      if (!("dropped" in turns)) return turns;
      const { reason, detail: found } = turns.dropped;
      const columns = Object.keys(row).slice(0, 10).join(", ") || "none";
      return { dropped: { reason, detail: detail(`${found}; of no known form, columns: ${columns}`) } };
    },
  };
  return (row) => knownForm(row) ?? fallback;
}
