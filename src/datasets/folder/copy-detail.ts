import { detail } from "../reason.ts";

/** The ledger's detail of a copy: the id of the example that is kept, and for a near copy the similarity. */
export function copyDetail(id: string, similarity?: number): string {
  return detail(
    similarity === undefined
      ? `the same text as ${id}`
      : `a near copy of ${id} (similarity ${similarity.toFixed(2)})`,
  );
}

/**
 * The id in what `copyDetail` wrote; null for other details, and for an id that was cut because of its
 * length.
 */
export function copiedId(text: string): string | null {
  const match =
    /^the same text as (.+)$/.exec(text) ?? /^a near copy of (.+) \(similarity [\d.]+\)$/.exec(text);
  const id = match?.[1];
  return id === undefined || id.endsWith("…") ? null : id;
}
