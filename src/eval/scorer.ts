/** How a prediction is scored against one reference. What says that it is right is declared with it. */
export type Scorer = {
  /** From 0 to 1; 1 for a text of words against itself. */
  score(prediction: string, target: string): number;
} & (
  | {
      /** The implementation whose numbers these are: test/eval/fixtures/official.json has them from there. */
      official: string;
    }
  | {
      /** No other implementation is the measure: what some predictions score, worked out by hand. */
      samples: readonly (readonly [prediction: string, target: string, score: number])[];
    }
);
