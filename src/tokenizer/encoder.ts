import { join } from "node:path";
import { type EncodeOptions, Tokenizer as Native } from "tokenizers";
import { CheckpointError, messageOf } from "../errors.ts";
import { tokenizerFile } from "../tokenizer-file-names.ts";
import { jsonAt, type RunPlace } from "./run-place.ts";
import type { AddedToken, TokenizerJson } from "./token-files.ts";
import { createWordCache } from "./word-cache.ts";
import { wordCutter } from "./words.ts";

/** Turns texts into ids. `places`: where each text stands, by default at the start. */
export type Encoder = (texts: readonly string[], places?: readonly RunPlace[]) => Promise<Int32Array[]>;

type EncodeAll = (texts: readonly string[]) => Promise<Int32Array[]>;

const options: EncodeOptions = { addSpecialTokens: false };

/** Characters encoded at once: the library keeps about 100 bytes per token until its result is read. */
const batchChars = 1 << 20;

/**
 * An encoder that treats text only as text: the same tokenizer, but the names of its `specials` are replaced
 * by names that no text contains. `controls` maps ids that must not come out to their tokens; CheckpointError
 * when one does.
 */
export function createEncoder(
  dir: string,
  json: TokenizerJson,
  specials: ReadonlySet<string>,
  controls: ReadonlyMap<number, string>,
): Encoder {
  const plainJson = { ...json, added_tokens: withoutNames(json, specials), post_processor: null };
  const encoderOf = wordEncoders((own) => wholeEncoder(dir, own, controls));
  const encoderAt: Record<RunPlace, EncodeAll> = {
    start: encoderOf(plainJson),
    special: encoderOf(jsonAt("special", plainJson)),
    text: encoderOf(jsonAt("text", plainJson)),
  };
  return async (texts, places = []) => {
    const results: Int32Array[] = new Array(texts.length);
    for (const encode of new Set(Object.values(encoderAt))) {
      const own = [...texts.keys()].filter((i) => encoderAt[places[i] ?? "start"] === encode);
      for (const chunk of chunksOf(own, (i) => texts[i]!.length)) {
        const encoded = await encode(chunk.map((i) => texts[i]!));
        for (const [k, ids] of encoded.entries()) results[chunk[k]!] = ids;
      }
    }
    return results;
  };
}

/**
 * Encodes whole texts with the library. Throws CheckpointError when added tokens do not get the ids in
 * `json`.
 */
function wholeEncoder(dir: string, json: TokenizerJson, controls: ReadonlyMap<number, string>): EncodeAll {
  const where = join(dir, tokenizerFile.tokens);
  const isControl = new Uint8Array(Math.max(0, ...controls.keys()) + 1);
  for (const id of controls.keys()) isControl[id] = 1;
  const native = buildNative(dir, json);
  for (const { content, id } of json.added_tokens ?? []) {
    const got = native.tokenToId(content);
    if (got === id) continue;
    throw new CheckpointError(
      `${where}: expected added token ${JSON.stringify(content)} to have id ${id}, got ${got}`,
    );
  }
  return async (texts) => {
    const encodings = await native.encodeBatch([...texts], options);
    return encodings.map((encoding) => {
      const ids = Int32Array.from(encoding.getIds());
      const control = ids.find((id) => isControl[id] === 1);
      if (control === undefined) return ids;
      throw new CheckpointError(
        `${where}: expected text to stay text, got the special token ` +
          `${JSON.stringify(controls.get(control))} from it. The model part holds it as a word: take ` +
          "it out there.",
      );
    });
  };
}

/**
 * Makes encoders that look up words where a text can be split into words, and encode whole texts where it
 * cannot. Tokenizers that split and normalise in the same way share one encoder, so that their words are
 * stored once.
 */
function wordEncoders(wholeOf: (json: TokenizerJson) => EncodeAll): (json: TokenizerJson) => EncodeAll {
  const whole = oncePerStep(wholeOf);
  const ofWords = oncePerStep((json) => createWordCache(wholeOf(json)));
  return oncePerStep((json) => {
    const cutter = wordCutter(json);
    if (!cutter) return whole(json);
    const encodeWords = ofWords(cutter.json);
    return async (texts) => {
      const cut = texts.map(cutter.cut);
      const encoded = (await encodeWords(cut.filter((words) => words !== null))).values();
      const uncut = texts.filter((_, i) => cut[i] === null);
      const rest = (uncut.length > 0 ? await whole(json)(uncut) : []).values();
      return cut.map((words) => (words === null ? rest : encoded).next().value!);
    };
  });
}

/** Makes only one for each pair of normalizer and pre-tokenizer. */
function oncePerStep<T>(make: (json: TokenizerJson) => T): (json: TokenizerJson) => T {
  const made = new Map<string, T>();
  return (json) => {
    const key = JSON.stringify([json.normalizer, json.pre_tokenizer]);
    if (!made.has(key)) made.set(key, make(json));
    return made.get(key)!;
  };
}

/**
 * The added tokens without the names in `specials`. The library numbers tokens that are not in the vocabulary
 * by their position, so these are renamed rather than removed: the ids of the tokens after them would change.
 */
function withoutNames(json: TokenizerJson, specials: ReadonlySet<string>): AddedToken[] {
  const { vocab } = json.model ?? {};
  const words = Array.isArray(vocab)
    ? new Set(vocab.map((entry: unknown[]) => entry[0]))
    : new Set(Object.keys((vocab as object | undefined) ?? {}));
  return (json.added_tokens ?? []).flatMap((token) => {
    if (!specials.has(token.content)) return [token];
    return words.has(token.content) ? [] : [{ ...token, content: `\ufdd0${token.id}\ufdd1` }];
  });
}

/** Makes a tokenizer of the library. Throws CheckpointError when the library refuses it. */
export function buildNative(dir: string, json: TokenizerJson): Native {
  try {
    return Native.fromString(JSON.stringify(json));
  } catch (cause) {
    const why = messageOf(cause);
    const where = join(dir, tokenizerFile.tokens);
    throw new CheckpointError(`${where}: expected a tokenizer of this library, got ${why}`, { cause });
  }
}

/** Splits into chunks of consecutive items with at most `batchChars` characters in all, or a single item. */
function* chunksOf(items: readonly number[], charsOf: (item: number) => number): Generator<number[]> {
  let chunk: number[] = [];
  let chars = 0;
  for (const item of items) {
    if (chunk.length > 0 && chars + charsOf(item) > batchChars) {
      yield chunk;
      chunk = [];
      chars = 0;
    }
    chunk.push(item);
    chars += charsOf(item);
  }
  if (chunk.length > 0) yield chunk;
}
