/**
 * Whether the likeliest choice is the right one, 0 or 1, by three measures of likelihood. Names and
 * definitions are those of lm-evaluation-harness 0.4.13 (ConfigurableTask.process_results):
 *
 * - `acc`: the log-likelihood as it is;
 * - `acc_norm`: divided by the choice's length in characters (code points). The documentation of the harness
 *   says bytes, but its code takes Python's `len` of the text. The two are the same for ASCII;
 * - `acc_bytes`: divided by the choice's length in bytes of UTF-8.
 *
 * Among equal values the first one wins. `logLikelihoods` are in nats, one for each choice.
 */
export function choiceScores(
  logLikelihoods: readonly number[],
  choices: readonly string[],
  right: number,
): { acc: number; acc_norm: number; acc_bytes: number } {
  const isRight = (lengthOf: (choice: string) => number): number =>
    Number(indexOfMax(logLikelihoods.map((sum, i) => sum / lengthOf(choices[i]!))) === right);
  return {
    acc: isRight(() => 1),
    acc_norm: isRight((choice) => [...choice].length),
    acc_bytes: isRight((choice) => Buffer.byteLength(choice)),
  };
}

/** The index of the largest value; among equal ones the first. */
export function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}
