/** How a prediction is scored against one reference, with proof that the score is right. */
export type Scorer = {
  /**
   * From 0 to 1. A text of words scored against itself gives 1, unless `accepts` asks for other references.
   */
  score(prediction: string, target: string): number;
  /** What several references come to: the best of them unless it says their mean. */
  over?: "mean";
  /**
   * Only such references can be scored against: with others `score` throws, or is 0 whatever was answered.
   */
  accepts?: { reference: string; isReference(target: string): boolean };
  /**
   * Throws ConfigError, with what to install, where it cannot run here. To be called before anything is
   * asked.
   */
  check?(): void;
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
