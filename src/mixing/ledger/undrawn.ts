import type { SequenceTable } from "../sequences/sequence-table.ts";
import type { Undrawn } from "./joined-ledger.ts";

/**
 * Examples of which no sequence was chosen, or not every piece. The pieces of an example are next to each
 * other in the table.
 */
export function* undrawnOf(
  table: SequenceTable,
  chosen: readonly number[],
  reason: string,
  detail: string,
): Generator<Undrawn> {
  const isDrawn = new Set(chosen);
  for (let i = 0; i < table.count; ) {
    const id = table.exampleId(i);
    let [pieces, drawn, drawnTokens] = [0, 0, 0];
    for (; i < table.count && table.exampleId(i) === id; i++) {
      pieces++;
      if (!isDrawn.has(i)) continue;
      drawn++;
      drawnTokens += table.tokens(i);
    }
    if (drawn === pieces) continue;
    const found = drawn === 0 ? detail : `${drawn} of ${pieces} pieces are in packs: ${detail}`;
    yield { id, reason, detail: found, drawnTokens };
  }
}
