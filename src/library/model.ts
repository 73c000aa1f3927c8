import { loadModel as loadNetwork } from "../checkpoint/load-model.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import type { Message } from "../contracts/example.ts";
import type { DeviceSpec } from "../contracts/recipe.ts";
import { ZebraError } from "../errors.ts";
import type { Sampling } from "../model/api.ts";
import { shippedOrLocal } from "../package-root.ts";
import { beginTexts, renderPrompt } from "../tokenizer/chat/chat.ts";
import { stopIdsOf } from "../tokenizer/ends/stop-ids.ts";
import { createTextStream } from "../tokenizer/text-stream.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { asTheyCome } from "./as-they-come.ts";
import { inTurn } from "./in-turn.ts";

export interface LoadOptions {
  /** Default: the CPU. `auto`: a GPU that is faster than the CPU, else the CPU. */
  device?: DeviceSpec | undefined;
  /** Of a PEFT adapter: its base model, if not the one that its config names. */
  base?: string | undefined;
}

export interface GenerateOptions extends Sampling {
  /** Default: 256. */
  maxNewTokens?: number | undefined;
  /**
   * Whether a text goes through the chat template, as a user's message (the default), or is continued as it
   * stands. Messages always go through it.
   */
  chat?: boolean | undefined;
  /** Seeds the draws; a temperature of 0, the default, draws nothing. Default: 42. */
  seed?: number | undefined;
  /** Called with each piece of the answer, in whole characters. */
  onText?: ((text: string) => void) | undefined;
  /** Ends the answer; the call then rejects with a ZebraError of code `E_STOPPED`. */
  signal?: AbortSignal | undefined;
}

export interface Answer {
  text: string;
  /** stop: the model ended it. length: `maxNewTokens` were reached. */
  finish: "stop" | "length";
  promptTokens: number;
  newTokens: number;
}

export interface TextScore {
  tokens: number;
  /** Negative log-likelihood of each token, given those before it. */
  nll: Float32Array;
  /** Their mean, in nats. */
  lossNatsPerToken: number;
  perplexity: number;
}

/** A loaded checkpoint. Calls take turns. Close it when done, or declare it with `await using`. */
export interface Model extends AsyncDisposable {
  /** The longest text that it was made for. */
  readonly maxTokens: number;
  readonly vocabSize: number;
  /** Where it computes, and why there. */
  readonly device: { readonly name: string; readonly reason: string };
  /** Answers a text or a conversation. */
  generate(prompt: string | readonly Message[], options?: GenerateOptions): Promise<Answer>;
  /** The same, piece by piece; leaving the loop ends the answer. The iterator returns the whole answer. */
  stream(
    prompt: string | readonly Message[],
    options?: GenerateOptions,
  ): AsyncGenerator<string, Answer, undefined>;
  /** How likely an answer is, given a text or a conversation before it; of plain text without one. */
  score(text: string, options?: { after?: string | readonly Message[] | undefined }): Promise<TextScore>;
  /** The ids of a text, without special tokens. */
  encode(text: string): Promise<Int32Array>;
  decode(ids: ArrayLike<number>): Promise<string>;
  /** Logits after every token of a short text: [tokens × vocabSize], row by row. */
  logits(ids: Int32Array): Promise<Float32Array>;
  /** Waits for the calls under way and frees the weights. Calls after it are refused. */
  close(): Promise<void>;
}

/**
 * Loads a checkpoint folder, that of a PEFT adapter, or a checkpoint that ships, by its name. It computes in
 * this process: while a model works, the caller's own code gets its turn between tokens. Throws
 * CheckpointError where there is no model.
 */
export async function loadModel(given: string, { device, base }: LoadOptions = {}): Promise<Model> {
  const path = shippedOrLocal(given);
  const tokenizer = await loadTokenizer((await findModel(path, base)).tokenizer);
  const network = await loadNetwork(path, { base, ...(device !== undefined && { device }) });
  const stopIds = await stopIdsOf(network.ends, tokenizer);
  const turns = inTurn(path, () => network[Symbol.asyncDispose]());

  const generate = (prompt: string | readonly Message[], options: GenerateOptions = {}): Promise<Answer> =>
    turns.take(async () => {
      const { onText, signal, chat = true, maxNewTokens = 256, seed = 42, ...sampling } = options;
      const ids = await promptIds(tokenizer, prompt, chat);
      let text = "";
      const pieces = createTextStream(tokenizer, (piece) => {
        text += piece;
        onText?.(piece);
      });
      throwIfAborted(signal);
      const { ids: made, finish } = await network.generate(ids, {
        ...sampling,
        maxNewTokens,
        seed,
        stopIds,
        onToken(id) {
          if (!stopIds.includes(id)) pieces.add(id);
          return signal?.aborted ? false : undefined;
        },
      });
      await pieces.end();
      if (finish === "caller") throw stopped(signal);
      return { text, finish, promptTokens: ids.length, newTokens: made.length };
    });

  const score: Model["score"] = (text, { after } = {}) =>
    turns.take(async () => {
      const answer = await tokenizer.encode(text);
      const before = await promptIds(tokenizer, after ?? "", after !== undefined, true);
      const ids = Int32Array.from([...before, ...answer]);
      // Without anything before it, nothing says how likely the first token is.
      const from = Math.max(before.length, 1);
      const targets = Int32Array.from(ids, (_, t) => (t + 1 < from ? -100 : (ids[t + 1] ?? -100)));
      const nll = (await network.nll(ids, targets, [ids.length])).slice(from - 1, ids.length - 1);
      const loss = nll.reduce((sum, one) => sum + one, 0) / nll.length;
      return { tokens: nll.length, nll, lossNatsPerToken: loss, perplexity: Math.exp(loss) };
    });

  return {
    maxTokens: network.config.max_position_embeddings,
    vocabSize: network.config.vocab_size,
    device: network.device,
    generate,
    stream: (prompt, options = {}) =>
      asTheyCome(({ tell, signal }) => {
        const onText = (text: string) => {
          options.onText?.(text);
          tell(text);
        };
        return generate(prompt, { ...options, signal, onText });
      }, options.signal),
    score,
    encode: (text) => tokenizer.encode(text),
    decode: (ids) => tokenizer.decode(ids, { skipSpecial: true }),
    logits: (ids) => turns.take(() => network.logits(ids, [ids.length])),
    close: turns.close,
    [Symbol.asyncDispose]: turns.close,
  };
}

async function promptIds(
  tokenizer: Tokenizer,
  prompt: string | readonly Message[],
  chat: boolean,
  mayBeEmpty = false,
): Promise<Int32Array> {
  if (typeof prompt !== "string") return renderPrompt(tokenizer, prompt);
  if (chat) return renderPrompt(tokenizer, [{ role: "user", content: prompt }]);
  const [ids] = await beginTexts(tokenizer, [prompt]);
  if (ids!.length > 0 || mayBeEmpty) return ids!;
  throw new ZebraError("E_PROMPT", "prompt: expected a text to continue, got one without a token.");
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw stopped(signal);
}

function stopped(signal: AbortSignal | undefined): ZebraError {
  return new ZebraError("E_STOPPED", "generate: stopped on request.", { cause: signal?.reason });
}
