import { costOf, roundCost } from "../../../endpoint/cost.ts";
import type { TeacherUsage } from "../../../folder/counts.ts";
import type { TeacherOptions } from "../options.ts";
import type { TeacherRequest } from "../request.ts";
import type { Reply, Usage } from "./reply.ts";

/** Counts tokens and cost of a dataset's replies: each reply once, however often the source is read. */
export interface Meter {
  /**
   * Whether a request may be sent without exceeding `max_cost`, with requests under way counted by their
   * estimates. If so, its estimate is reserved until `count` or `release`.
   */
  reserve(request: TeacherRequest): boolean;
  release(request: TeacherRequest): void;
  /** `from` the cache, or paid for now. */
  count(request: TeacherRequest, reply: Reply, from: "cache" | "endpoint"): void;
  retried(): void;
  usage(): TeacherUsage;
}

export function createMeter(options: TeacherOptions): Meter {
  const { endpoint, model, price_per_million_tokens: price, max_cost: maxCost } = options;
  const counted = new Set<string>();
  const held = new Map<string, number>();
  const sums = { replies: 0, input_tokens: 0, output_tokens: 0, without_usage: 0 };
  const run = { asked: 0, from_cache: 0, retries: 0, input_tokens: 0, output_tokens: 0 };
  /** Estimated tokens of replies that the server did not count. */
  const guessed = { inputTokens: 0, outputTokens: 0 };
  const heldCost = () => [...held.values()].reduce((sum, cost) => sum + cost, 0);
  const spent = () =>
    costOf({ inputTokens: sums.input_tokens, outputTokens: sums.output_tokens }, price) +
    costOf(guessed, price);
  return {
    reserve({ key, estimate }) {
      const cost = costOf(estimate, price);
      if (maxCost !== undefined && spent() + heldCost() + cost > maxCost) return false;
      held.set(key, cost);
      return true;
    },
    release: ({ key }) => void held.delete(key),
    count({ key, estimate }, { usage }, from) {
      held.delete(key);
      if (counted.has(key)) return;
      counted.add(key);
      sums.replies++;
      sums.input_tokens += usage?.inputTokens ?? 0;
      sums.output_tokens += usage?.outputTokens ?? 0;
      if (usage === undefined) {
        sums.without_usage++;
        guessed.inputTokens += estimate.inputTokens;
        guessed.outputTokens += estimate.outputTokens;
      }
      if (from === "cache") run.from_cache++;
      else {
        run.asked++;
        run.input_tokens += usage?.inputTokens ?? 0;
        run.output_tokens += usage?.outputTokens ?? 0;
      }
    },
    retried: () => void run.retries++,
    usage() {
      const { input_tokens: inputTokens, output_tokens: outputTokens, ...rest } = run;
      const priced = (tokens: Usage) =>
        price === undefined ? {} : { cost: roundCost(costOf(tokens, price)) };
      const whole = { inputTokens: sums.input_tokens, outputTokens: sums.output_tokens };
      return {
        made: { endpoint, model, ...sums, ...priced(whole) },
        run: { ...rest, ...priced({ inputTokens, outputTokens }) },
      };
    },
  };
}
