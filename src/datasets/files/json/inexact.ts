/**
 * True for integers beyond 2⁵³ and numbers beyond the largest: JavaScript reads another number in their
 * place.
 */
export function isInexact(value: number): boolean {
  return Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value);
}
