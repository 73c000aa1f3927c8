import { costOf, type Price, roundCost } from "./cost.ts";

export interface TokenUse {
  inputTokens: number;
  outputTokens: number;
}

/** What was asked of an endpoint in this run, for the log. */
export interface Spending {
  replies: number;
  retries: number;
  input_tokens: number;
  output_tokens: number;
  /** Replies whose tokens the server did not count: their estimates count towards the limit. */
  without_usage: number;
  cost?: number;
}

/** Counts tokens and cost of replies, and holds back what would go over a limit. */
export interface CostLimit {
  /** Whether a request of this estimate fits beside what is spent and under way. If so, it is held. */
  hold(estimate: TokenUse): boolean;
  /** A held request ended; `usage`: as the server counts it, undefined where it does not, null: no reply. */
  settle(estimate: TokenUse, usage: TokenUse | undefined | null): void;
  retried(): void;
  spent(): number;
  spending(): Spending;
}

export function costLimit(price: Price | undefined, maxCost: number | undefined): CostLimit {
  const run = { replies: 0, retries: 0, input_tokens: 0, output_tokens: 0, without_usage: 0 };
  let [held, spent] = [0, 0];
  return {
    hold(estimate) {
      const cost = costOf(estimate, price);
      // Sums of decimals are a little off: a request that just fits is let through.
      if (maxCost !== undefined && roundCost(spent + held + cost) > maxCost) return false;
      held += cost;
      return true;
    },
    settle(estimate, usage) {
      held -= costOf(estimate, price);
      if (usage === null) return;
      run.replies++;
      run.input_tokens += usage?.inputTokens ?? 0;
      run.output_tokens += usage?.outputTokens ?? 0;
      if (usage === undefined) run.without_usage++;
      spent += costOf(usage ?? estimate, price);
    },
    retried: () => void run.retries++,
    spent: () => roundCost(spent),
    spending: () => ({ ...run, ...(price !== undefined && { cost: roundCost(spent) }) }),
  };
}
