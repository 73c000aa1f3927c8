import { isInexact } from "../files/json/inexact.ts";
import type { Reason } from "../reason.ts";

/**
 * A row's own id, control characters and lone surrogates replaced by U+FFFD; undefined when it has no usable
 * one. `changed` says what was replaced.
 */
export function idOf(value: unknown): { id?: string; changed?: Reason } {
  if (typeof value === "number") {
    // JavaScript has read another number: two ids that differ in their last digits would be the same.
    if (!isInexact(value)) return { id: String(value) };
    const detail = `the number ${value} is too large to be read exactly: the row's place is its id`;
    return { changed: { reason: "inexact_id", detail } };
  }
  if (typeof value !== "string" || value === "") return {};
  const id = value.toWellFormed().replace(/\p{Cc}/gu, "\ufffd");
  if (id === value) return { id };
  return { id, changed: { reason: reasonOf(value), detail: "in its id, where it became U+FFFD" } };
}

function reasonOf(id: string): string {
  if (!id.isWellFormed()) return "lone_surrogate";
  return id.includes("\0") ? "nul_character" : "control_character";
}
