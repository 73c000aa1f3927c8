import type { Static } from "@sinclair/typebox";
import type { priceSchema } from "../../contracts/recipe/endpoint.ts";

/** Cost of a million tokens, in the currency that `max_cost` is meant in. */
export type Price = Static<typeof priceSchema>;

export function costOf(
  { inputTokens, outputTokens }: { inputTokens: number; outputTokens: number },
  price: Price | undefined,
): number {
  return price === undefined ? 0 : (inputTokens * price.input + outputTokens * price.output) / 1e6;
}

/** Rounded to a millionth, which hides the rounding errors of sums. */
export function roundCost(cost: number): number {
  return Math.round(cost * 1e6) / 1e6;
}
