import type { Example } from "../../../contracts/example.ts";

/** Documents that are counted at once. */
const counted = 6;
/** A dataset of fewer examples need not have several documents. */
const leastExamples = 20;
const largeShare = 0.2;

/** What a dataset's examples say about its split, for warnings. */
export interface SplitWatch {
  /**
   * `ownSplit`: that of the example's file or, where the file says none, what the document's id alone gives.
   */
  add(example: Pick<Example, "id" | "split" | "source">, ownSplit: Example["split"]): void;
  warnings(name: string): string[];
}

/**
 * Finds examples that are held out because files of another split have their document, and a document that a
 * large share of the examples is on: an instruction may have been taken for it. Frequent documents are found
 * with six counters (Misra and Gries 1982), which count too few by a seventh of the examples at most.
 */
export function createSplitWatch(): SplitWatch {
  let examples = 0;
  let moved = 0;
  let firstMoved = "";
  const counts = new Map<string, { count: number; first: string }>();
  return {
    add({ id, split, source: { document } }, ownSplit) {
      examples++;
      if (split !== ownSplit) {
        moved++;
        firstMoved ||= id;
      }
      const known = counts.get(document);
      if (known) known.count++;
      else if (counts.size < counted) counts.set(document, { count: 1, first: id });
      else for (const [key, one] of counts) if (--one.count === 0) counts.delete(key);
    },
    warnings(name) {
      const told: string[] = [];
      if (moved > 0)
        told.push(
          `${name}: ${moved} of ${examples} examples are on documents that are in files of another split, ` +
            `and are in that split (first: ${firstMoved})`,
        );
      const [large] = [...counts].sort(([, a], [, b]) => b.count - a.count);
      // Only documents that are told by a passage: a name is what the user says.
      if (examples < leastExamples || !large?.[0].startsWith("sha256:")) return told;
      const [, { count, first }] = large;
      if (count < largeShare * examples) return told;
      const share = count === examples ? `all ${examples}` : `at least ${count} of ${examples}`;
      told.push(
        `${name}: ${share} examples have one long passage (or their first question) in common, so they are ` +
          `taken to be on one document and are in one split (first: ${first}). If it is an instruction, name ` +
          "the documents: a `document` column in the rows, or fields.document",
      );
      return told;
    },
  };
}
