/** The label of a token that is not under loss: Hugging Face's convention. */
export const unsupervised = -100;

/**
 * One row of `mix/train/*.parquet`: several examples laid end to end, each its own segment.
 * Column names are those Hugging Face `datasets` and TRL read as they are.
 * Not padded: its length is what it is, at most `max_seq_tokens`.
 */
export interface Pack {
  /** Tokens, [T]. */
  input_ids: Int32Array;
  /** Hugging Face's convention: aligned with input_ids (not shifted), −100 where `unsupervised`, [T]. */
  labels: Int32Array;
  /** Restart at 0 in every segment, [T]. */
  position_ids: Int32Array;
  /** Segment lengths; they add up to T. */
  seq_lengths: Int32Array;
  /** Weight of each token's loss (1 for the plain token mean), [T]. */
  loss_weights: Float32Array;
  /** Example id of each segment. */
  sources: string[];
}
