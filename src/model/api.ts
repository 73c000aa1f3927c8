/**
 * A loaded model, as the rest of the toolkit uses it; `loadModel` in src/checkpoint/load-model.ts makes one.
 *
 * Token ids are [T]. `segments` are lengths in tokens that add up to T: positions restart in each, and
 * attention never crosses from one into another. V is the vocabulary. nll is in nats.
 */

import type { ZebraConfig } from "./config/config.ts";
import type { Placed } from "./generate/likelihoods.ts";
import type { Scored } from "./generate/shared-texts.ts";

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
  /**
   * Scores of tokens that occurred before are divided by this where positive, else multiplied (arXiv
   * 1909.05858).
   */
  repetitionPenalty?: number;
}

export interface GenerateOptions extends Sampling {
  maxNewTokens: number;
  /** Generation ends after any of these is produced (it is the last id returned). */
  stopIds: readonly number[];
  /** No stop id is drawn before an answer has so many tokens; as `min_length` of transformers. Default: 0. */
  minNewTokens?: number;
  seed?: number;
  /** One for each prompt, in place of `seed`: its draws then do not depend on the prompts beside it. */
  seeds?: readonly number[];
  /** Called with every new id and the index of its prompt. Where it gives false, that answer ends. */
  onToken?: (id: number, place: number) => boolean | undefined | Promise<boolean | undefined>;
}

export interface GenerateResult {
  /** The new ids, with the stop id where one was produced. */
  ids: number[];
  finish: "stop" | "length" | "caller";
}

export interface ZebraModel extends AsyncDisposable {
  readonly config: ZebraConfig;
  /** The ids that end a generation as the model's own files say. */
  readonly ends: readonly number[];
  /** Where it computes, and why there. */
  readonly device: { name: string; reason: string };
  /** Logits of every position, [T, V] row-major: for tests and short inputs. */
  logits(ids: Int32Array, segments: readonly number[]): Promise<Float32Array>;
  /**
   * nll of every supervised target, 0 elsewhere, [T].
   * `targets[t]` is the id that should follow position t (already shifted), −100: not scored.
   */
  nll(ids: Int32Array, targets: Int32Array, segments: readonly number[]): Promise<Float32Array>;
  /**
   * Scores texts by how likely their ends are; what they begin with in common is computed once. Results come
   * in an order of its own, as they are made.
   */
  likelihoods(texts: readonly Scored[]): AsyncIterable<Placed[]>;
  /** Continues a prompt [T]. Throws RangeError where it is empty. */
  generate(prompt: Int32Array, options: GenerateOptions): Promise<GenerateResult>;
  /**
   * Continues several prompts side by side. Each ends on its own; results are in the order of the prompts.
   */
  generateBatch(prompts: readonly Int32Array[], options: GenerateOptions): Promise<GenerateResult[]>;
  /** Computes a prefix [T] once, to score continuations of at most `longest` tokens of it, or to generate. */
  openPrefix(ids: Int32Array, longest: number): Promise<Prefix>;
}

/** A prompt, or its beginning, whose keys and values are kept. */
export interface Prefix extends AsyncDisposable {
  /** In tokens. */
  length: number;
  /**
   * nll of each token of each continuation [n], given the prefix and the tokens before it: [n] each. Throws
   * RangeError for a continuation longer than the prefix was opened for.
   */
  nll(continuations: readonly Int32Array[]): Promise<Float32Array[]>;
  /** Continues the prefix and a prompt [n] after it, which may be empty. The prefix stays as it is. */
  generate(prompt: Int32Array, options: GenerateOptions): Promise<GenerateResult>;
}
