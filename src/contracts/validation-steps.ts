/**
 * The steps after which a training measures its validation loss, besides the last one and before the first. A
 * regular one is left out where the last step follows within a quarter of the interval: it would say the same
 * and take as long.
 */
export function isValidationStep(step: number, totalSteps: number, everySteps: number): boolean {
  if (step === totalSteps) return true;
  return everySteps > 0 && step % everySteps === 0 && 4 * (totalSteps - step) >= everySteps;
}

/** How many validations are still to come after `step`. */
export function validationsAfter(step: number, totalSteps: number, everySteps: number): number {
  if (step >= totalSteps) return 0;
  if (everySteps <= 0) return 1;
  const regular = Math.floor((totalSteps - 1) / everySteps);
  const last = regular * everySteps;
  const isLeftOut = regular > 0 && !isValidationStep(last, totalSteps, everySteps);
  const kept = isLeftOut ? regular - 1 : regular;
  return Math.max(0, kept - Math.floor(step / everySteps)) + 1;
}
