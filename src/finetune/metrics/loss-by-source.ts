import type { SourceLoss } from "../../contracts/events.ts";
import type { Batch } from "../batch.ts";

/** Sums of nll in nats, and how many supervised tokens they are of, by dataset. */
export type SourceSums = Map<string, { nats: number; supervisedTokens: number }>;

/** The dataset of an example: ids are `<dataset>/<row or name>`. */
export function datasetOf(exampleId: string): string {
  const slash = exampleId.indexOf("/");
  return slash < 0 ? exampleId : exampleId.slice(0, slash);
}

/**
 * Adds the nll of a pack's supervised tokens, in the order of their positions, to the sums of the datasets
 * that its segments come from. Every token counts the same, whatever its weight in the loss.
 */
export function addBySource(sums: SourceSums, batch: Batch, nll: Iterable<number>): void {
  const values = nll[Symbol.iterator]();
  let start = 0;
  for (const [i, length] of batch.segments.entries()) {
    const name = datasetOf(batch.sources[i] ?? "");
    let [nats, supervisedTokens] = [0, 0];
    for (let t = start; t < start + length; t++) {
      if (batch.targets[t]! < 0) continue;
      nats += values.next().value ?? Number.NaN;
      supervisedTokens++;
    }
    start += length;
    if (supervisedTokens === 0) continue;
    const sum = sums.get(name) ?? { nats: 0, supervisedTokens: 0 };
    sums.set(name, {
      nats: sum.nats + nats,
      supervisedTokens: sum.supervisedTokens + supervisedTokens,
    });
  }
}

/** Means by dataset, in the order of their names, so that lines of metrics.jsonl can be compared. */
export function lossBySource(sums: SourceSums): Record<string, SourceLoss> {
  return Object.fromEntries(
    [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { nats, supervisedTokens }]) => [
        name,
        { lossNatsPerToken: nats / supervisedTokens, supervisedTokens },
      ]),
  );
}
