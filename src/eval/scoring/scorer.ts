/** How a prediction is scored against one reference, with proof that the score is right. */
export type Scorer = {
  /** From 0 to 1. A text of words scored against itself gives 1. */
  score(prediction: string, target: string): number;
} & (
  | {
      /** The implementation whose numbers these are; test/eval/fixtures/official.json holds its scores. */
      official: string;
    }
  | {
      /** There is no official implementation: predictions with their scores, worked out by hand. */
      samples: readonly (readonly [prediction: string, target: string, score: number])[];
    }
);
