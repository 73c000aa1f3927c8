import type { Static, TProperties } from "@sinclair/typebox";
import { noOptions, type Open, type OptionsSchema, readOptions, withOptions } from "../../recipe/options.ts";
import type { Mapping } from "../../schema.ts";
import type { ConvertedKind } from "../files/convert/converted.ts";
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

/** The documents in a text file. */
export type Parts = (text: string) => { name: string; text: string; meta: JsonObject }[];

/** A kind of file with text: each file, or each part of it, is a document. */
export interface DocumentFormat {
  kind: "documents";
  /** Endings of file names, with the dot. */
  endings: readonly string[];
  /** What has to be done to have text at all. Default: the file is UTF-8 text. */
  convert?: ConvertedKind;
  options: OptionsSchema;
  open: Open<Parts>;
}

/** Makes a kind of file with text of its options, as TypeBox, and what takes a file apart by them. */
export function defineDocumentFormat<P extends TProperties>(format: {
  endings: readonly string[];
  convert?: ConvertedKind;
  options: P;
  parts(text: string, options: Static<Mapping<P>>): ReturnType<Parts>;
}): DocumentFormat {
  const { endings, convert, options, parts } = format;
  return {
    kind: "documents",
    endings,
    ...(convert && { convert }),
    ...withOptions(options, (chosen) => (text: string) => parts(text, chosen)),
  };
}

/** A format with its options set. */
export type OpenFormat = RowFormat | { kind: "documents"; parts: Parts; convert?: ConvertedKind };

/** The options that a format takes. */
export function optionsOf(format: RowFormat | DocumentFormat): OptionsSchema {
  return format.kind === "documents" ? format.options : noOptions;
}

/**
 * A format with the options of a recipe. Where it does not take them, adds why to `problems` and gives null.
 */
export function openFormat(
  format: RowFormat | DocumentFormat,
  given: unknown,
  where: string,
  problems: string[],
): OpenFormat | null {
  if (format.kind === "rows") return readOptions(noOptions, given, where, problems) && format;
  const parts = format.open(given, where, problems);
  return parts && { kind: "documents", parts, ...(format.convert && { convert: format.convert }) };
}
