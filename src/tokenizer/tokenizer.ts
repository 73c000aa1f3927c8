import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EncodeOptions, Tokenizer as Native } from "tokenizers";
import { CheckpointError } from "../errors.ts";
import { piecesOf } from "./pieces.ts";

/**
 * A checkpoint's tokenizer. Text is always text: `<s>` in a document is three characters, never a special
 * token. Specials come only from the chat template (`specials`).
 */
export interface Tokenizer {
  dir: string;
  vocabSize: number;
  bosToken: string | null;
  eosToken: string | null;
  padToken: string | null;
  bosId: number | null;
  eosId: number | null;
  /** Special tokens by their text: what a chat template may write. */
  specials: ReadonlyMap<string, number>;
  /** Ids of a text, no special ones among them. */
  encode(text: string): Promise<Int32Array>;
  encodeBatch(texts: readonly string[]): Promise<Int32Array[]>;
  decode(ids: ArrayLike<number>, options?: { skipSpecial?: boolean }): Promise<string>;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
}

interface AddedToken {
  id: number;
  content: string;
  special: boolean;
}

interface TokenizerJson {
  added_tokens?: AddedToken[];
  post_processor?: unknown;
  pre_tokenizer?: unknown;
  normalizer?: unknown;
  truncation?: unknown;
  padding?: unknown;
}

const options: EncodeOptions = { addSpecialTokens: false };

/** Loads `tokenizer.json` and `tokenizer_config.json` of a folder. Throws CheckpointError. */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  const json = (await readJson(join(dir, "tokenizer.json"), true)) as TokenizerJson;
  const config = (await readJson(join(dir, "tokenizer_config.json"), false)) as Record<string, unknown>;
  const map = (await readJson(join(dir, "special_tokens_map.json"), false)) as Record<string, unknown>;
  const full = build(dir, { ...json, truncation: null, padding: null });
  // Without its special tokens the same tokenizer cannot mistake text for one of them.
  const added = json.added_tokens ?? [];
  const plain = build(dir, {
    ...json,
    added_tokens: added.filter(({ special }) => !special),
    post_processor: null,
    truncation: null,
    padding: null,
  });
  const specials = new Map(added.filter(({ special }) => special).map(({ content, id }) => [content, id]));
  const named = (key: string): string | null => tokenText(config[key]) ?? tokenText(map[key]) ?? null;
  const idOf = (token: string | null): number | null => {
    if (token === null) return null;
    const id = full.tokenToId(token);
    if (id !== null) return id;
    throw new CheckpointError(
      `${dir}: expected ${JSON.stringify(token)} of tokenizer_config.json in tokenizer.json, got no such token`,
    );
  };
  const [bosToken, eosToken] = [named("bos_token"), named("eos_token")];
  for (const token of [bosToken, eosToken]) if (token !== null) specials.set(token, idOf(token)!);

  const encodeBatch = async (texts: readonly string[]): Promise<Int32Array[]> => {
    const split = texts.map((text) => piecesOf(text, json));
    const encodings = await plain.encodeBatch(split.flat(), options);
    let next = 0;
    return split.map((pieces) => {
      const parts = encodings.slice(next, next + pieces.length);
      next += pieces.length;
      return joinIds(parts.map((encoding) => encoding.getIds()));
    });
  };
  return {
    dir,
    vocabSize: full.getVocabSize(true),
    bosToken,
    eosToken,
    padToken: named("pad_token"),
    bosId: idOf(bosToken),
    eosId: idOf(eosToken),
    specials,
    encode: async (text) => (await encodeBatch([text]))[0]!,
    encodeBatch,
    decode: (ids, { skipSpecial = false } = {}) => full.decode(Array.from(ids), skipSpecial),
    tokenToId: (token) => full.tokenToId(token) ?? undefined,
    idToToken: (id) => full.idToToken(id) ?? undefined,
  };
}

function build(dir: string, json: TokenizerJson): Native {
  try {
    return Native.fromString(JSON.stringify(json));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(
      `${join(dir, "tokenizer.json")}: expected a tokenizer of this library, got ${why}`,
      {
        cause,
      },
    );
  }
}

async function readJson(path: string, isRequired: boolean): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (!isRequired && (cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new CheckpointError(
      `${path}: expected a tokenizer file, got none that can be read. Copy the tokenizer files of the model here.`,
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(`${path}: expected JSON, got text that does not parse. Copy the file again.`, {
      cause,
    });
  }
}

/** A token as configs write it: a string, or an object with `content`. */
function tokenText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (
    typeof value === "object" &&
    value !== null &&
    "content" in value &&
    typeof value.content === "string"
  ) {
    return value.content;
  }
  return undefined;
}

function joinIds(parts: readonly (readonly number[])[]): Int32Array {
  const ids = new Int32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
}
