/** Every prediction's references: alternatives, of which there is at least one. */
export type References = readonly (readonly string[])[];

/**
 * As lm-evaluation-harness hands references to sacrebleu: as many for every prediction as the one with the
 * fewest has. `left` says how many references that leaves out.
 */
export function sameNumber(references: References): { references: References; left: number } {
  const number = Math.min(...references.map((some) => some.length));
  const left = references.reduce((sum, some) => sum + some.length - number, 0);
  return { references: references.map((some) => some.slice(0, number)), left };
}
