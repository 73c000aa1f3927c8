import { join } from "node:path";
import { type EncodeOptions, Tokenizer as Native } from "tokenizers";
import { CheckpointError } from "../errors.ts";
import { piecesOf } from "./pieces.ts";
import { jsonAt, type Place } from "./place.ts";
import type { AddedToken, TokenizerJson } from "./token-files.ts";

/** Texts to ids. `places`: where each text stands, the start by default. */
export type Encoder = (texts: readonly string[], places?: readonly Place[]) => Promise<Int32Array[]>;

const options: EncodeOptions = { addSpecialTokens: false };

/** Characters given to the library at once: it keeps some 100 bytes a token until its answer is read. */
const batchChars = 1 << 20;

/**
 * An encoder for which text is only text: the same tokenizer, but its `specials` have names that no text has.
 * `controls`: ids that must not come out, id → token; CheckpointError when one does.
 */
export function createEncoder(
  dir: string,
  json: TokenizerJson,
  specials: ReadonlySet<string>,
  controls: ReadonlyMap<number, string>,
): Encoder {
  const plainJson = { ...json, added_tokens: withoutNames(json, specials), post_processor: null };
  const plain = tokenizerAtPlaces(dir, plainJson);
  const natives = new Set(Object.values(plain));
  for (const { content, id } of plainJson.added_tokens) {
    const got = plain.start.tokenToId(content);
    if (got === id) continue;
    const where = join(dir, "tokenizer.json");
    throw new CheckpointError(
      `${where}: expected added token ${JSON.stringify(content)} to have id ${id}, got ${got}`,
    );
  }
  const isControl = new Uint8Array(Math.max(0, ...controls.keys()) + 1);
  for (const id of controls.keys()) isControl[id] = 1;

  const encodeChunk = async (native: Native, texts: readonly string[]): Promise<Int32Array[]> => {
    const pieces = texts.map((text) => piecesOf(text, plainJson));
    const encodings = (await native.encodeBatch(pieces.flat(), options)).values();
    return pieces.map(({ length }) => {
      const parts = Array.from({ length }, () => encodings.next().value!.getIds());
      const ids = new Int32Array(parts.reduce((n, part) => n + part.length, 0));
      let at = 0;
      for (const part of parts) {
        ids.set(part, at);
        at += part.length;
      }
      const control = ids.find((id) => isControl[id] === 1);
      if (control === undefined) return ids;
      throw new CheckpointError(
        `${join(dir, "tokenizer.json")}: expected text to stay text, got the special token ` +
          `${JSON.stringify(controls.get(control))} from it. The model part holds it as a word: take it out there.`,
      );
    });
  };

  return async (texts, places = []) => {
    const results: Int32Array[] = new Array(texts.length);
    for (const native of natives) {
      const own = [...texts.keys()].filter((i) => plain[places[i] ?? "start"] === native);
      for (const chunk of chunksOf(own, (i) => texts[i]!.length)) {
        const chunkTexts = chunk.map((i) => texts[i]!);
        for (const [k, ids] of (await encodeChunk(native, chunkTexts)).entries()) results[chunk[k]!] = ids;
      }
    }
    return results;
  };
}

/**
 * Added tokens without those in `specials`. The library numbers what is not in the vocabulary by its place, so
 * there a name is changed and not taken out: the tokens after it would become others.
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

/** A tokenizer of the library. Throws CheckpointError for what it does not take. */
export function buildNative(dir: string, json: TokenizerJson): Native {
  try {
    return Native.fromString(JSON.stringify(json));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const where = join(dir, "tokenizer.json");
    throw new CheckpointError(`${where}: expected a tokenizer of this library, got ${why}`, { cause });
  }
}

/** A tokenizer for each place; one is built where the places do not differ. */
function tokenizerAtPlaces(dir: string, json: TokenizerJson): Record<Place, Native> {
  const built = new Map<string, Native>();
  const at = (place: Place): Native => {
    const placed = jsonAt(place, json);
    const key = JSON.stringify([placed.normalizer, placed.pre_tokenizer]);
    const tokenizer = built.get(key) ?? buildNative(dir, placed);
    built.set(key, tokenizer);
    return tokenizer;
  };
  return { start: at("start"), special: at("special"), text: at("text") };
}

/** Consecutive items with at most `batchChars` characters in all, or one item. */
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
