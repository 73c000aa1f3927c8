/**
 * What the rest of the toolkit may ask of a loaded model. Token ids are Int32Array [T].
 * `segments` are lengths that add up to T: positions restart in each and attention never crosses.
 */
import type { ZebraConfig } from "./config.ts";

export interface GenerateOptions {
  maxNewTokens: number;
  /** Generation ends after any of these is produced (it is the last id returned). */
  stopIds: readonly number[];
  /** 0 is greedy. */
  temperature?: number;
  topP?: number;
  seed?: number;
  /** Called with every new id; returning false ends generation. */
  onToken?: (id: number) => boolean | undefined;
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
}

/** `loadModel(dir)` is in src/model/load.ts. */
