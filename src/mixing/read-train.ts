import type { Example } from "../contracts/example.ts";
import { type DrawnMix, sampleMix } from "./sample/sampler.ts";
import { type ReadContext, readSplit } from "./sequences/read-split.ts";
import type { SequenceTable } from "./sequences/sequence-table.ts";
import { randomPosition, sharesToRead } from "./sequences/shares-to-read.ts";

/** Examples of a dataset's train split, and how many of them were read. */
export interface ReadCounts {
  examples: number;
  read: number;
}

/**
 * Reads the training examples that the budget needs into `table` and draws the mix. Where a dataset turns out
 * to give less than was expected, the rest of it is read as well. Throws Stopped between batches.
 */
export async function readTrain(
  context: ReadContext,
  seed: number,
  table: SequenceTable,
): Promise<{ sample: DrawnMix; reading: ReadonlyMap<string, ReadCounts> }> {
  const { mix, dataDir } = context;
  const shares = sharesToRead(dataDir, mix);
  const reading = new Map(
    [...shares].map(([name]): [string, ReadCounts] => [name, { examples: 0, read: 0 }]),
  );
  const read = (isWanted: (example: Example) => boolean): Promise<void> =>
    readSplit(context, { split: "train", isWanted }, table);
  const draw = (): DrawnMix =>
    sampleMix(
      Array.from({ length: table.count }, (_, i) => ({
        dataset: table.dataset(i),
        task: table.task(i),
        tokens: table.tokens(i),
        supervised: table.supervised(i),
      })),
      mix,
      seed,
    );
  const take = ({ source }: Example, isRead: boolean): boolean => {
    const counts = reading.get(source.dataset)!;
    if (isRead) counts.read++;
    return isRead;
  };
  await read((example) => {
    reading.get(example.source.dataset)!.examples++;
    const share = shares.get(example.source.dataset)!;
    return take(example, share === 1 || randomPosition(example.id, seed) < share);
  });
  const sample = draw();
  const short = new Set(namesThatFallShort(table, sample).filter((name) => shares.get(name)! < 1));
  for (const [name, share] of shares) if (share < 1 && !(name in sample.target)) short.add(name);
  if (short.size === 0) return { sample, reading };
  await read((example) =>
    take(
      example,
      short.has(example.source.dataset) &&
        randomPosition(example.id, seed) >= shares.get(example.source.dataset)!,
    ),
  );
  return { sample: draw(), reading };
}

/** Datasets of which less was drawn than the weights ask for, or some examples twice. */
function namesThatFallShort(table: SequenceTable, { chosen, target }: DrawnMix): string[] {
  const drawn = new Map<string, number>();
  const seen = new Set<number>();
  let isRepeated = new Set<string>();
  for (const i of chosen) {
    const name = table.dataset(i);
    drawn.set(name, (drawn.get(name) ?? 0) + table.tokens(i));
    if (seen.has(i)) isRepeated = isRepeated.add(name);
    seen.add(i);
  }
  return Object.keys(target).filter((name) => isRepeated.has(name) || (drawn.get(name) ?? 0) < target[name]!);
}
