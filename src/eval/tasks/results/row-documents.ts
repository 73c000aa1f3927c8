import { createHash } from "node:crypto";
import type { TaskSample } from "./task-results.ts";

/** Shorter texts are questions and names, which rows may share without being about the same. */
const leastCharacters = 100;

/**
 * What each row is about, in the order of the rows: the hash of its longest text, where other rows have the
 * same one. So questions about a passage stand together, in whatever column the passage is. Undefined for a
 * row that shares no long text.
 */
export function rowDocuments(samples: readonly Pick<TaskSample, "doc_id" | "doc">[]): (string | undefined)[] {
  const rows = new Map<number, string | undefined>();
  for (const { doc_id, doc } of samples) if (!rows.has(doc_id)) rows.set(doc_id, documentOf(doc));
  const counts = new Map<string, number>();
  for (const name of rows.values()) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...rows.values()].map((name) => (name && counts.get(name)! > 1 ? name : undefined));
}

/** The hash of the longest text among a row's columns. */
export function documentOf(doc: unknown): string | undefined {
  if (typeof doc !== "object" || doc === null) return undefined;
  let longest = "";
  for (const value of Object.values(doc))
    if (typeof value === "string" && value.length > longest.length) longest = value;
  if (longest.length < leastCharacters) return undefined;
  return createHash("sha256").update(longest).digest("hex").slice(0, 16);
}
