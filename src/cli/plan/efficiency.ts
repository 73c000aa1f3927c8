import type { FinetunePlan } from "../../finetune/forecast/plan.ts";
import { cacheBytes, cacheRows, forwardCost, withFullAttention } from "../../model/cost.ts";

/** Context lengths of the efficiency table: those of the paper, and the recipe's own. */
const lengths = [1024, 2048, 4096, 8192, 16384];

/** What a forward pass takes at one length, beside full attention. */
export interface Efficiency {
  tokens: number;
  /** Of a forward pass with the output head on every token. */
  flops: number;
  flopsOfFull: number;
  /** Attention scores alone, as a share of full attention's. */
  scores: number;
  /** Rows of the key-value cache, as a share of full attention's. */
  cache: number;
  cacheBytes: number;
}

export function efficiencyOf({ config }: FinetunePlan, maxTokens: number): Efficiency[] {
  const full = withFullAttention(config);
  return [...new Set([...lengths, maxTokens])]
    .sort((a, b) => a - b)
    .map((tokens) => {
      const [ours, theirs] = [forwardCost(config, [tokens], tokens), forwardCost(full, [tokens], tokens)];
      return {
        tokens,
        flops: ours.linear + ours.scores + ours.head,
        flopsOfFull: theirs.linear + theirs.scores + theirs.head,
        scores: ours.scores / theirs.scores,
        cache: cacheRows(config, tokens) / cacheRows(full, tokens),
        cacheBytes: cacheBytes(config, tokens),
      };
    });
}
