import type { DataSpec } from "../../../contracts/recipe.ts";
import type { DataSource } from "../../sources/source.ts";
import { type SplitFor, splitOf } from "../../split.ts";
import { TextSet } from "../text-set.ts";

/** Splits of the documents of a run. */
export interface DocumentSplits {
  /** The split of an example, the same for all examples on its document. */
  splitFor: SplitFor;
  /** That of its file, else by its document's id alone. */
  ownSplit: SplitFor;
}

/**
 * The split of every document of a run, one for all datasets: that of the files which are held out as a whole
 * (test before validation), else by its id and the recipe's shares. Reads those files. `pause` is awaited
 * from time to time.
 */
export async function documentSplits(
  sources: readonly DataSource[],
  shares: DataSpec["split"],
  pause: () => Promise<void>,
): Promise<DocumentSplits> {
  const held = { test: new TextSet(), validation: new TextSet() };
  let rows = 0;
  for (const { heldOut } of sources) {
    for await (const item of heldOut?.() ?? []) {
      if (rows++ % 256 === 0) await pause();
      if ("draft" in item && item.draft.split !== undefined && item.draft.split !== "train")
        held[item.draft.split].add(item.draft.document);
    }
  }
  const isIn = (set: TextSet, document: string): boolean => set.size > 0 && set.has(document);
  const ownSplit: SplitFor = ({ document, split }) => split ?? splitOf(document, shares);
  return {
    ownSplit,
    splitFor({ document, split }) {
      if (split === "test" || isIn(held.test, document)) return "test";
      if (split === "validation" || isIn(held.validation, document)) return "validation";
      return ownSplit({ document });
    },
  };
}
