import type { ZebraConfig } from "../../model/config/config.ts";
import { cacheBytes } from "../../model/cost.ts";
import { compareIds } from "../../model/generate/compare-ids.ts";
import type { Item } from "../benchmark.ts";

/** Answers generated together: each step reads the weights once for all of them. */
const mostItems = 8;
/** Limit for the keys and values of a batch; each sequence has its own. */
const mostCacheBytes = 2 ** 30;

/**
 * Groups items into batches. Items with a prompt are sorted by its ids, so that questions on the same
 * document come together and the document is computed once. Other items come one by one, in their order.
 */
export function batchesOf(config: ZebraConfig, items: readonly Item[]): Item[][] {
  const batches: Item[][] = items.filter((item) => !("prompt" in item)).map((item) => [item]);
  const prompted = items.filter((item) => "prompt" in item);
  // Answers that end alike go side by side.
  const endings = new Map(prompted.map((item) => [item, JSON.stringify([item.maxNewTokens, item.verbatim])]));
  const endingOf = (item: (typeof prompted)[number]): string => endings.get(item)!;
  prompted.sort(
    (a, b) =>
      a.maxNewTokens - b.maxNewTokens ||
      compareTexts(endingOf(a), endingOf(b)) ||
      compareIds(a.prompt, b.prompt),
  );
  let batch: typeof prompted = [];
  let bytes = 0;
  for (const item of prompted) {
    const own = cacheBytes(config, item.prompt.length + item.maxNewTokens);
    const fits =
      batch.length < mostItems &&
      bytes + own <= mostCacheBytes &&
      batch[0] !== undefined &&
      endingOf(batch[0]) === endingOf(item);
    if (!fits) {
      [batch, bytes] = [[], 0];
      batches.push(batch);
    }
    batch.push(item);
    bytes += own;
  }
  return batches;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
