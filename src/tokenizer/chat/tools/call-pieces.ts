import type { ToolCall } from "../../../contracts/example.ts";
import { floatText } from "../../../jinja/values/float-text.ts";
import { parseJson } from "../../../jinja/values/parse-json.ts";
import { PyDict, PyFloat, type Value } from "../../../jinja/values/values.ts";

/**
 * The parts of tool calls that must appear in whatever a template writes: names, keys, and values that are
 * texts or numbers, these as Python spells them.
 */
export function callPieces(calls: readonly ToolCall[]): string[] {
  return calls.flatMap(({ function: { name, arguments: given } }) => [name, ...textsOf(parseJson(given))]);
}

function textsOf(value: Value): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (value instanceof PyFloat) return [floatText(value.value)];
  if (value instanceof PyDict)
    return Array.from(value.entries(), ([key, inner]) => [String(key), ...textsOf(inner)]).flat();
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}

/** Whether a text contains all of the pieces in any order, unchanged or with JSON's escapes. */
export function hasPieces(text: string, pieces: readonly string[]): boolean {
  return pieces.every(
    (piece) =>
      text.includes(piece) || text.includes(escaped(piece)) || text.includes(escaped(escaped(piece))),
  );
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
