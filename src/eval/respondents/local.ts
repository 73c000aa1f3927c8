import { messageOf } from "../../errors.ts";
import type {
  Answered,
  GenerateAnswer,
  GenerateRequest,
  LoglikelihoodAnswer,
  LoglikelihoodRequest,
  Respondent,
  RollingAnswer,
} from "../../harness/respondent.ts";
import { rollingWindows } from "../../harness/rolling-windows.ts";
import type { ZebraModel } from "../../model/api.ts";
import { cacheBytes } from "../../model/cost.ts";
import { compareIds } from "../../model/generate/compare-ids.ts";
import type { Scored } from "../../model/generate/shared-texts.ts";
import { sha256Of } from "../../recipe/hash.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { chatRenderer } from "./chat-text.ts";
import { countsOf, type RequestEncoder, requestEncoder } from "./encoding.ts";
import { cutAt, stopWatch } from "./until.ts";

export interface LocalModel {
  model: ZebraModel;
  tokenizer: Tokenizer;
  /** Of weights and tokenizer: `hashModel`. */
  sha256: string;
  /** Longest prompt with its answer; default: `max_position_embeddings`. */
  maxLength?: number | undefined;
  /** Answers generated side by side, at most. */
  batchSize?: number | undefined;
  /** Told once for each thing that a reader of the results should know. */
  note(message: string): void;
}

/** Answers generated together, and what their keys and values may take. */
const mostSequences = 8;
const mostCacheBytes = 2 ** 30;

/** A checkpoint in this process that answers the requests of task files. It does not own the model. */
export async function localRespondent(local: LocalModel): Promise<Respondent> {
  const { model, tokenizer, sha256, note } = local;
  const maxLength = local.maxLength ?? model.config.max_position_embeddings;
  const encoder = await requestEncoder(tokenizer);
  return {
    identity: sha256Of({ weights: sha256, maxLength }),
    maxLength,
    renderChat: await chatRenderer(tokenizer, note),
    loglikelihood: (requests) => loglikelihood(model, encoder, maxLength, requests),
    rolling: (texts) => rolling(model, encoder, maxLength, texts),
    generate: (requests) => generate(local, encoder, maxLength, requests),
    async [Symbol.asyncDispose]() {},
  };
}

async function* loglikelihood(
  model: ZebraModel,
  encoder: RequestEncoder,
  maxLength: number,
  requests: readonly LoglikelihoodRequest[],
): AsyncGenerator<Answered<LoglikelihoodAnswer>> {
  const texts: (Scored & { request: number; cut: number })[] = [];
  for (const [request, { context, continuation }] of requests.entries()) {
    try {
      texts.push({ request, ...(await encoder.pair(context, continuation, maxLength)) });
    } catch (error) {
      yield { place: request, answer: { error: messageOf(error) } };
    }
  }
  for await (const placed of model.likelihoods(texts)) {
    for (const { place, logLikelihood, isGreedy } of placed) {
      const { ids, from, cut, request } = texts[place]!;
      const tokens = countsOf(ids, from, ids.length - from, cut);
      yield { place: request, answer: { logLikelihood, isGreedy, tokens } };
    }
  }
}

async function* rolling(
  model: ZebraModel,
  encoder: RequestEncoder,
  maxLength: number,
  given: readonly string[],
): AsyncGenerator<Answered<RollingAnswer>> {
  for (const [place, text] of given.entries()) {
    try {
      const ids = await encoder.encode(text);
      const windows = rollingWindows([...ids], encoder.prefix, maxLength);
      const texts = windows.map(({ context, scored }) => ({
        ids: Int32Array.of(...context, ...scored),
        from: context.length,
      }));
      let logLikelihood = 0;
      for await (const placed of model.likelihoods(texts))
        for (const one of placed) logLikelihood += one.logLikelihood;
      const first = texts[0]?.ids ?? new Int32Array(0);
      yield { place, answer: { logLikelihood, tokens: countsOf(first, 1, ids.length, 0) } };
    } catch (error) {
      yield { place, answer: { error: messageOf(error) } };
    }
  }
}

/** A prompt in ids, and its request. */
interface Prompt {
  place: number;
  ids: Int32Array;
  cut: number;
}

async function* generate(
  { model, tokenizer, batchSize = mostSequences }: LocalModel,
  encoder: RequestEncoder,
  maxLength: number,
  requests: readonly GenerateRequest[],
): AsyncGenerator<Answered<GenerateAnswer>> {
  // Those that are asked alike go side by side.
  const groups = new Map<string, Prompt[]>();
  for (const [place, { context, until, maxGenToks, sampling }] of requests.entries()) {
    const room = maxLength - maxGenToks;
    if (room < 1) {
      const error = `expected room for a prompt within ${maxLength} tokens, got max_gen_toks ${maxGenToks}`;
      yield { place, answer: { error } };
      continue;
    }
    const key = JSON.stringify([until, maxGenToks, sampling]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push({ place, ...(await encoder.prompt(context, room)) });
  }
  const stopIds = [...new Set([...model.ends, ...(tokenizer.eosId === null ? [] : [tokenizer.eosId])])];
  for (const group of groups.values()) {
    const { until, maxGenToks: maxNewTokens, sampling } = requests[group[0]!.place]!;
    const stops = tokenizer.eosToken === null ? until : [...until, tokenizer.eosToken];
    const longest = group.reduce((n, { ids }) => Math.max(n, ids.length), 0) + maxNewTokens;
    const most = Math.floor(mostCacheBytes / cacheBytes(model.config, longest));
    group.sort((a, b) => compareIds(a.ids, b.ids));
    for (let start = 0; start < group.length; ) {
      const batch = group.slice(start, start + Math.max(1, Math.min(batchSize, most)));
      start += batch.length;
      const watches = batch.map(() => stopWatch(tokenizer, stops));
      const answers = await model.generateBatch(
        batch.map(({ ids }) => ids),
        {
          ...sampling,
          maxNewTokens,
          stopIds,
          // Of the request alone, so that the draw is the same whatever is asked beside it.
          seeds: batch.map(({ place }) => seedOf(requests[place]!)),
          onToken: async (id, at) => !(await watches[at]!(id)),
        },
      );
      for (const [i, { ids, finish }] of answers.entries()) {
        const { place, ids: prompt, cut } = batch[i]!;
        const text = cutAt(await tokenizer.decode(ids, { skipSpecial: true }), stops);
        const tokens = countsOf(prompt, prompt.length, ids.length, cut);
        yield { place, answer: { text, tokens, isCut: finish === "length" } };
      }
    }
  }
}

function seedOf({ context, repeat }: GenerateRequest): number {
  return Number.parseInt(sha256Of({ context, repeat }).slice(0, 8), 16);
}
