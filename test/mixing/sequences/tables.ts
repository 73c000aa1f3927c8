import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSequenceTable } from "../../../src/mixing/sequences/sequence-table.ts";
import { exampleOf } from "../data-folder.ts";

const pathOf = () => join(mkdtempSync(join(tmpdir(), "zebratune-table-")), "tokens.tmp");

/** Sequences of these lengths, each of tokens that are its own. */
export function tableOf(lengths: readonly number[], path = pathOf()) {
  const table = createSequenceTable(path);
  const sequences = lengths.map((length, i) => {
    const { id, task, source } = exampleOf({ dataset: i % 2 === 0 ? "even" : "odd" });
    const ids = Int32Array.from({ length }, (_, t) => (i * 1000 + t) % 4096);
    const trained = Uint8Array.from(ids, (_, t) => (t > length / 2 ? 1 : 0));
    return { ids, trained, supervised: 1, answers: [`answer ${i} 🦓`], example: { id, task, source } };
  });
  for (const sequence of sequences) table.append(sequence);
  return { table, sequences, path };
}
