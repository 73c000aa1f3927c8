/**
 * What the rest of the toolkit may ask of a loaded model. Token ids are Int32Array [T].
 * `segments` are lengths that add up to T: positions restart in each and attention never crosses.
 */

import type { ZebraConfig } from "./config/config.ts";

/** How the next token is drawn; names, defaults and order are those of transformers' generation. */
export interface Sampling {
  /** 0 is greedy: the likeliest token, after `repetitionPenalty`. */
  temperature?: number;
  /** Only the k likeliest; 0: all. */
  topK?: number;
  /** Only the likeliest that together reach this probability. */
  topP?: number;
  /** Only tokens at least this many times as likely as the likeliest. */
  minP?: number;
  /** Scores of tokens that are there already are divided by this where positive, multiplied where negative (arXiv 1909.05858). */
  repetitionPenalty?: number;
}

export interface GenerateOptions extends Sampling {
  maxNewTokens: number;
  /** Generation ends after any of these is produced (it is the last id returned). */
  stopIds: readonly number[];
  seed?: number;
  /** Called with every new id and the place of its prompt; returning false ends that one. */
  onToken?: (id: number, place: number) => boolean | undefined;
}

export interface GenerateResult {
  /** New ids only, stop id included when one was produced. */
  ids: number[];
  finish: "stop" | "length" | "caller";
}

export interface ZebraModel extends AsyncDisposable {
  readonly config: ZebraConfig;
  /** Where it computes, and why there. */
  readonly device: { name: string; reason: string };
  /** Logits of every position, [T, V] row-major: for tests and tiny inputs. */
  logits(ids: Int32Array, segments: readonly number[]): Promise<Float32Array>;
  /**
   * Negative log-likelihood in nats of every supervised target, 0 elsewhere, [T].
   * `targets[t]` is the id that should follow position t (already shifted), −100: not scored.
   */
  nll(ids: Int32Array, targets: Int32Array, segments: readonly number[]): Promise<Float32Array>;
  /** Continues `prompt` with a KV cache (a ring of `sliding_window` rows in local layers). */
  generate(prompt: Int32Array, options: GenerateOptions): Promise<GenerateResult>;
  /** Continues several prompts side by side; each ends on its own. Results are in the order of the prompts. */
  generateBatch(prompts: readonly Int32Array[], options: GenerateOptions): Promise<GenerateResult[]>;
  /** Computes a prefix once, to score continuations of at most `longest` tokens after it, or to generate. */
  openPrefix(ids: Int32Array, longest: number): Promise<Prefix>;
}

/** `loadModel(dir)` is in src/model/load.ts. */

/** A prompt, or its beginning, that the model has seen. */
export interface Prefix extends AsyncDisposable {
  /** Tokens. */
  length: number;
  /** Negative log-likelihood in nats of each token of each continuation, given the prefix and what is before it. */
  nll(continuations: readonly Int32Array[]): Promise<Float32Array[]>;
  /** Continues the prefix and a prompt after it (which may be empty); the prefix stays as it is. */
  generate(prompt: Int32Array, options: GenerateOptions): Promise<GenerateResult>;
}
