/**
 * A mean of recent losses in which every supervised token counts the same and older steps count less: the
 * loss of one step is of a few hundred tokens, and mostly noise.
 */
export interface Smooth {
  readonly nats: number;
  readonly tokens: number;
}

export const noLoss: Smooth = { nats: 0, tokens: 0 };

/** Over how many steps the mean reaches back: an eighth of the training, from 8 to 100 steps. */
export function spanOf(totalSteps: number): number {
  return Math.min(100, Math.max(8, totalSteps / 8));
}

/** The mean after a step with this loss over so many tokens. A loss that is no number is passed over. */
export function smooth(before: Smooth, lossNatsPerToken: number, tokens: number, span: number): Smooth {
  if (!Number.isFinite(lossNatsPerToken) || !(tokens > 0)) return before;
  const kept = 1 - 1 / span;
  return { nats: before.nats * kept + lossNatsPerToken * tokens, tokens: before.tokens * kept + tokens };
}

/** Nats per token; null while there are none. */
export function meanOf({ nats, tokens }: Smooth): number | null {
  return tokens > 0 ? nats / tokens : null;
}
