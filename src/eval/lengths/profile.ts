/** How a model's score on one benchmark changes with length, in percent. */
export interface LengthProfile {
  benchmark: string;
  model: string;
  metric: string;
  /** RULER's: what Llama-2-7B-chat reaches at 4k. */
  threshold: number;
  /** Rising. A score is the mean over the tasks that were asked at that length. */
  lengths: { length: number; score: number; tasks: number }[];
  /** The largest length whose score reaches the threshold; null where none does. */
  effective: number | null;
  average: number;
  /** Averages weighted 1, 2, 3 … towards longer and towards shorter lengths. */
  increasing: number;
  decreasing: number;
}
