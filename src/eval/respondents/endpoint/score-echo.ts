import type { Completion, Logprobs } from "./completion.ts";
import { tokenEnds } from "./token-ends.ts";

/** A prompt as it is sent, and where the part begins whose log-likelihood is wanted. */
export type Scored =
  | { text: string /** In bytes of UTF-8. */; from: number }
  | { ids: readonly number[] /** In tokens. */; from: number };

export interface Score {
  logLikelihood: number;
  isGreedy: boolean;
  /** Tokens before the part, and of it. */
  before: number;
  count: number;
}

/** Rounding may take a probability of 1 a little beyond. */
const mostLogprob = 1e-3;

/**
 * The log-likelihood of a prompt's part, of an answer that echoes the prompt. An error says what the answer
 * lacks.
 */
export function scoreEcho(scored: Scored, { logprobs, usage }: Completion): Score | { error: string } {
  if (logprobs === undefined) return { error: "expected log-probabilities of the prompt, got none" };
  if (logprobs === null) {
    return {
      error: "expected logprobs of the form { tokens, token_logprobs, top_logprobs }, got something else",
    };
  }
  const { tokens, token_logprobs: values, top_logprobs: top } = logprobs;
  if (values.length !== tokens.length || (top && top.length !== tokens.length)) {
    return {
      error:
        `expected as many log-probabilities as tokens, got ${values.length} and ` +
        `${top?.length ?? 0} (top_logprobs) for ${tokens.length}`,
    };
  }
  const range =
    "ids" in scored ? rangeOfIds(scored, tokens) : rangeOfText(scored, logprobs, usage?.inputTokens);
  if ("error" in range) return range;
  let [logLikelihood, isGreedy] = [0, true];
  for (let i = range.from; i < range.to; i++) {
    const value = values[i];
    if (typeof value !== "number") {
      return {
        error:
          i === 0
            ? "expected a log-probability of the prompt's first token, got none since nothing stands before " +
              "it: set eval.endpoint.prefix to the model's BOS token, as <|endoftext|>"
            : `expected a log-probability of token ${i + 1}, got none`,
      };
    }
    if (value > mostLogprob) {
      return { error: `expected log-probabilities of at most 0, got ${value} for token ${i + 1}` };
    }
    const others = top?.[i];
    if (!others) return { error: `expected top_logprobs of token ${i + 1}, got none` };
    logLikelihood += value;
    isGreedy &&= Object.values(others).every((other) => value >= other);
  }
  return { logLikelihood, isGreedy, before: range.from, count: range.to - range.from };
}

type Range = { from: number; to: number } | { error: string };

/** One token may come after the prompt: servers that cannot generate none are asked for one. */
function rangeOfIds(
  { ids, from }: { ids: readonly number[]; from: number },
  tokens: readonly string[],
): Range {
  const more = tokens.length - ids.length;
  if (more === 0 || more === 1) return { from, to: ids.length };
  return {
    error: `expected the ${ids.length} tokens of the prompt and at most 1 more, got ${tokens.length}`,
  };
}

function rangeOfText(
  { text, from }: { text: string; from: number },
  logprobs: Logprobs,
  count: number | undefined,
): Range {
  const { tokens, text_offset: offsets } = logprobs;
  const ends = tokenEnds(text, tokens, offsets, count);
  if (ends === null) {
    return {
      error:
        `expected tokens that add up to the prompt of ${text.length} characters, got ${tokens.length} that ` +
        "do not. If the server does echo prompts, set eval.endpoint.tokenizer to the model's tokenizer",
    };
  }
  if (tokens.length - ends.length > 1) {
    return { error: `expected at most 1 token after the prompt, got ${tokens.length - ends.length}` };
  }
  // A token that begins in the context and reaches beyond belongs to the part.
  const first = ends.findIndex((end) => end > from);
  return { from: first === -1 ? ends.length : first, to: ends.length };
}
