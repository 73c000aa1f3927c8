import { DataError } from "../../errors.ts";
import type { TokenCounts } from "../../harness/respondent.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";

/** A text of which the tokens from index `from` on are asked about, and what it was cut from. */
export interface EncodedPair {
  ids: Int32Array;
  from: number;
  cut: number;
}

/** Turns texts of requests into ids as lm-evaluation-harness 0.4.13's `hf` backend does. */
export interface RequestEncoder {
  /** The token that stands before a text without context: BOS, or EOS where there is none. */
  prefix: number;
  /** A whole text, with what the tokenizer puts around it, unless it begins with the prefix token. */
  encode(text: string): Promise<Int32Array>;
  /**
   * A context and its continuation (api/model.py, _encode_pair): blanks at the end of the context belong to
   * the continuation, which is what the whole text has more in tokens than the context. It stands after the
   * context's own tokens, also where the whole text begins with others ("time" and "timethe"). The last
   * `maxLength + 1` tokens are kept. Throws DataError for a context or a continuation of no token, or for a
   * continuation of too many.
   */
  pair(context: string, continuation: string, maxLength: number): Promise<EncodedPair>;
  /** A prompt that is to be continued: its last `room` tokens. */
  prompt(context: string, room: number): Promise<{ ids: Int32Array; cut: number }>;
}

const blanksAtEnd = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;

/** Throws DataError for a tokenizer without BOS and EOS. */
export async function requestEncoder(tokenizer: Tokenizer): Promise<RequestEncoder> {
  const prefix = tokenizer.bosId ?? tokenizer.eosId;
  if (prefix === null) {
    throw new DataError(
      `${tokenizer.dir}: expected a tokenizer with a BOS or EOS token, got one with neither; texts without ` +
        "context need one",
    );
  }
  const prefixText = await tokenizer.decode([prefix]);
  const encode = async (text: string, around?: boolean): Promise<Int32Array> => {
    const isAdded = around ?? !text.startsWith(prefixText);
    return (await tokenizer.encodeWithSpecials([text], isAdded))[0]!;
  };
  // Choices of one question come one after the other with the same context.
  let last: { context: string; ids: Int32Array } | undefined;
  const contextIds = async (context: string): Promise<Int32Array> => {
    if (last?.context !== context) last = { context, ids: await encode(context) };
    return last.ids;
  };
  return {
    prefix,
    encode,
    async pair(context, continuation, maxLength) {
      let whole: Int32Array;
      let from: number;
      if (context === "") {
        const ids = await encode(continuation, false);
        whole = ids[0] === prefix ? ids : Int32Array.of(prefix, ...ids);
        from = 1;
      } else {
        const blanks = blanksAtEnd.exec(context)?.[0] ?? "";
        const before = await contextIds(context.slice(0, context.length - blanks.length));
        if (before.length === 0)
          throw new DataError(`expected a context with more than blanks, got ${JSON.stringify(context)}`);
        whole = await encode(context + continuation);
        from = before.length;
        if (before.some((id, i) => id !== whole[i]))
          whole = Int32Array.of(...before, ...whole.subarray(from));
      }
      const scored = whole.length - from;
      if (scored < 1)
        throw new DataError(
          `expected a continuation of one token or more, got ${JSON.stringify(continuation)} after ` +
            JSON.stringify(context.slice(-40)),
        );
      if (scored > maxLength)
        throw new DataError(`expected a continuation of at most ${maxLength} tokens, got ${scored}`);
      const cut = Math.max(0, whole.length - maxLength - 1);
      return { ids: whole.subarray(cut), from: from - cut, cut };
    },
    async prompt(context, room) {
      const ids = await encode(context);
      const cut = Math.max(0, ids.length - room);
      return { ids: ids.subarray(cut), cut };
    },
  };
}

/** What a request came to in tokens. */
export function countsOf(ids: Int32Array, prompt: number, answer: number, cut: number): TokenCounts {
  return { prompt, answer, cut, first: [...ids.subarray(0, Math.min(8, prompt))] };
}
