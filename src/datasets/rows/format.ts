import type { OptionSchemas } from "../../options.ts";
import type { JsonObject } from "../files/json-rows.ts";
import type { Dropped, Turns } from "./conversation.ts";

/** A shape of JSON rows: one file in `formats/`, one line in its index. */
export interface RowFormat {
  kind: "rows";
  /** Keys it reads; others are reported as not used. */
  keys: readonly string[];
  /** The same for the turns of a list under one of `keys`, the role's key first. */
  turnKeys?: readonly string[];
  /** Whether a row looks like this format, to tell formats apart. */
  fits(row: JsonObject): boolean;
  convert(row: JsonObject): Turns | Dropped;
}

/** A kind of text file: each file, or each part of it, is a document. */
export interface DocumentFormat {
  kind: "documents";
  /** Endings of file names, with the dot. */
  endings: readonly string[];
  /** What a recipe may set under `options`; nothing where there is none. */
  options?: OptionSchemas;
  /** `options` are checked and whole. */
  parts(
    text: string,
    options: Readonly<Record<string, unknown>>,
  ): { name: string; text: string; meta: JsonObject }[];
}
