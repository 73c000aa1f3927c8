import type { ToolCall } from "../../../contracts/example.ts";

/**
 * The parts of tool calls that must appear in whatever a template writes: names, keys, and values that are
 * texts or numbers.
 */
export function callPieces(calls: readonly ToolCall[]): string[] {
  return calls.flatMap(({ function: { name, arguments: given } }) => [name, ...textsOf(JSON.parse(given))]);
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [JSON.stringify(value)];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
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
