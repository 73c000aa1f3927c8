import { type StageContext, Stopped } from "../../contracts/events.ts";
import type { Example, LedgerRow } from "../../contracts/example.ts";
import { charCount } from "../../datasets/folder/counts.ts";
import { countExamples, readExamples } from "../../datasets/folder/data-folder.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import type { RenderingMix } from "../renders.ts";
import type { SequenceTable } from "./sequence-table.ts";
import { type Sequence, sequencesOf } from "./sequences.ts";

/**
 * A batch has at most so many examples or characters. They are rendered together, so that their texts are
 * encoded in parallel.
 */
const batchExamples = 512;
const batchChars = 1 << 21;
/** Batches under way: the next is rendered while the texts of the previous one are encoded. */
const batchesAhead = 2;

/** What examples are read with, whichever of them. */
export interface ReadContext {
  ctx: StageContext;
  tokenizer: Tokenizer;
  dataDir: string;
  mix: RenderingMix;
  /** Told of each example that is read. */
  onExample?(example: Example): void;
  /** Takes a ledger row for each example, in order. */
  onLedger(rows: readonly LedgerRow[]): Promise<void>;
}

/**
 * The examples of a split as sequences of `table`, in order. `isWanted`: which examples are read; all by
 * default. Throws Stopped between batches.
 */
export async function readSplit(
  { ctx, tokenizer, dataDir, mix, onLedger, onExample }: ReadContext,
  { split, isWanted = () => true }: { split: "train" | "validation"; isWanted?(example: Example): boolean },
  table: SequenceTable,
): Promise<void> {
  const total = await countExamples(dataDir, { split });
  let seen = 0;
  let batch: Example[] = [];
  let chars = 0;
  const underWay: { seen: number; made: Promise<{ sequences: Sequence[]; ledger: LedgerRow[] }> }[] = [];
  const take = async (): Promise<void> => {
    const first = underWay.shift()!;
    const { sequences, ledger } = await first.made;
    for (const sequence of sequences) table.append(sequence);
    await onLedger(ledger);
    ctx.emit({
      type: "stage.progress",
      stage: "mix",
      label: `tokenize ${split}`,
      done: first.seen,
      total,
      unit: "examples",
    });
  };
  const flush = async (): Promise<void> => {
    if (ctx.stop.stopped) throw new Stopped();
    const made = sequencesOf(tokenizer, batch, mix);
    // An error is thrown when its turn comes; until then it counts as handled.
    made.catch(() => {});
    underWay.push({ seen, made });
    batch = [];
    chars = 0;
    while (underWay.length >= batchesAhead) await take();
  };
  for await (const example of readExamples(dataDir, { split })) {
    seen++;
    if (!isWanted(example)) continue;
    onExample?.(example);
    batch.push(example);
    chars += charCount(example);
    if (batch.length >= batchExamples || chars >= batchChars) await flush();
  }
  if (batch.length > 0) await flush();
  while (underWay.length > 0) await take();
}
