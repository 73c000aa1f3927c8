/** How a number of units was found. */
export interface Fitted<T> {
  units: number;
  made: T;
  /** How often a prompt was made and counted. */
  tries: number;
}

/** What does not fit with the fewest units, with the tokens that it has then. */
export interface TooLong {
  tokens: number;
}

/**
 * The number of hay units whose prompt has at most `room` tokens and leaves less than a unit, or a thousandth
 * of the room, free. Guesses from tokens per unit so far, and halves where guesses do not help, so it always
 * ends: after two or three prompts as a rule, at most after the bits of the number of units.
 */
export async function fitUnits<T extends { tokens: number }>(
  { fewest, most }: { fewest: number; most: number },
  room: number,
  make: (units: number) => Promise<T>,
): Promise<Fitted<T> | TooLong> {
  let best = { units: fewest, made: await make(fewest) };
  if (best.made.tokens > room) return { tokens: best.made.tokens };
  const least = best.made.tokens;
  const enough = room - room / 1000;
  // A unit has at least one token.
  const end = Math.min(most, fewest + room - least) + 1;
  // The first number of units that is known to be too many, with its tokens where they were counted.
  let over: { units: number; tokens?: number } = { units: end };
  let tries = 1;
  while (over.units - best.units > 1 && best.made.tokens < enough) {
    const units = nextGuess(best, over, { fewest, least, aim: (room + enough) / 2 }, tries);
    const made = await make(units);
    tries++;
    if (made.tokens <= room) best = { units, made };
    else over = { units, tokens: made.tokens };
  }
  return { ...best, tries };
}

/** Between what fits and what does not, both left out. */
function nextGuess(
  best: { units: number; made: { tokens: number } },
  over: { units: number; tokens?: number },
  { fewest, least, aim }: { fewest: number; least: number; aim: number },
  tries: number,
): number {
  // The first guess is small, to learn what a unit has.
  const first = Math.min(over.units - 1, fewest + 16);
  if (tries === 1) return Math.max(best.units + 1, first);
  const middle = (best.units + over.units) >> 1;
  if (tries > 6) return middle;
  const perUnit =
    over.tokens === undefined
      ? (best.made.tokens - least) / (best.units - fewest)
      : (over.tokens - best.made.tokens) / (over.units - best.units);
  if (!(perUnit > 0)) return middle;
  const guess = best.units + Math.round((aim - best.made.tokens) / perUnit);
  return Math.max(best.units + 1, Math.min(over.units - 1, guess));
}
