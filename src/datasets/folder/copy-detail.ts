import { detail } from "../reason.ts";

/** What the ledger says of a copy: the id of the example that stays, and for a near one how like it is. */
export function copyDetail(id: string, similarity?: number): string {
  return detail(
    similarity === undefined
      ? `the same text as ${id}`
      : `a near copy of ${id} (similarity ${similarity.toFixed(2)})`,
  );
}

/** The id in what `copyDetail` wrote; null for other details and for an id that was too long to be kept whole. */
export function copiedId(text: string): string | null {
  const match =
    /^the same text as (.+)$/.exec(text) ?? /^a near copy of (.+) \(similarity [\d.]+\)$/.exec(text);
  const id = match?.[1];
  return id === undefined || id.endsWith("…") ? null : id;
}
