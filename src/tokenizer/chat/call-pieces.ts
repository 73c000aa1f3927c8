import type { ToolCall } from "../../contracts/example.ts";

/** The texts of calls that must be in whatever a template writes of them: names, keys, and values that are texts or numbers. */
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

/** Whether a text has all of the pieces, as they are or with JSON's escapes, whatever their order. */
export function hasPieces(text: string, pieces: readonly string[]): boolean {
  return pieces.every(
    (piece) =>
      text.includes(piece) || text.includes(escaped(piece)) || text.includes(escaped(escaped(piece))),
  );
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
