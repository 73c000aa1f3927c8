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
  const least = best.made.tokens;
  if (least > room) return { tokens: least };
  // A unit has at least one token.
  let high = Math.min(most, fewest + room - least) + 1;
  let tries = 1;
  let perUnit = Number.NaN;
  // The first guess is small, to learn what a unit has.
  let guess = Math.min(high - 1, fewest + 16);
  while (high - best.units > 1) {
    const units = tries < 6 && guess > best.units && guess < high ? guess : (best.units + high) >> 1;
    const made = await make(units);
    tries++;
    if (made.tokens <= room) best = { units, made };
    else high = units;
    if (made.tokens > least) perUnit = (made.tokens - least) / (units - fewest);
    const left = room - best.made.tokens;
    if (left < room / 1000) break;
    guess = Number.isNaN(perUnit)
      ? Number.NaN
      : Math.max(best.units + 1, Math.min(high - 1, best.units + Math.floor(left / perUnit)));
  }
  return { ...best, tries };
}
