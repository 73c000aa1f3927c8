import type { Example, LedgerRow } from "../datasets/example.ts";
import { countExamples, readExamples } from "../datasets/store.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { type StageContext, Stopped } from "../run/events.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { type Sequence, sequencesOf } from "./sequences.ts";

/** Examples rendered at once, so that their texts are encoded side by side: so many, or so many characters. */
const batchExamples = 512;
const batchChars = 4 << 20;

/** All examples of a split as sequences, and a ledger row for each. Throws Stopped between batches. */
export async function readSplit(
  ctx: StageContext,
  tokenizer: Tokenizer,
  dataDir: string,
  split: "train" | "validation",
  mix: MixSpec,
): Promise<{ sequences: Sequence[]; ledger: LedgerRow[] }> {
  const total = await countExamples(dataDir, { split });
  const all: { sequences: Sequence[]; ledger: LedgerRow[] } = { sequences: [], ledger: [] };
  let batch: Example[] = [];
  let chars = 0;
  const flush = async (): Promise<void> => {
    if (ctx.stop.stopped) throw new Stopped();
    const { sequences, ledger } = await sequencesOf(tokenizer, batch, mix);
    for (const sequence of sequences) all.sequences.push(sequence);
    for (const row of ledger) all.ledger.push(row);
    batch = [];
    chars = 0;
    ctx.emit({
      type: "stage.progress",
      stage: "mix",
      label: `tokenize ${split}`,
      done: all.ledger.length,
      total,
      unit: "examples",
    });
  };
  for await (const example of readExamples(dataDir, { split })) {
    batch.push(example);
    for (const { content } of example.messages) chars += content.length;
    if (batch.length >= batchExamples || chars >= batchChars) await flush();
  }
  if (batch.length > 0) await flush();
  return all;
}
