import { CheckpointError } from "../errors.ts";
import { escapeRegExp } from "../quote.ts";
import { type Around, around } from "./around.ts";
import { readChosenTemplate } from "./chat/templates/chosen-template.ts";
import { buildNative, createEncoder } from "./encoder.ts";
import type { RunPlace } from "./run-place.ts";
import { type AddedToken, readTokenFiles } from "./token-files.ts";

/**
 * A checkpoint's tokenizer. Text is always only text: `<s>` in a document is three characters, never a
 * special token. Special tokens come only from the chat template (`specials`).
 */
export interface Tokenizer {
  dir: string;
  vocabSize: number;
  bosToken: string | null;
  eosToken: string | null;
  padToken: string | null;
  bosId: number | null;
  eosId: number | null;
  /** What it puts around a text by its own decision. */
  around: Around;
  /** The source of the chat template used in place of the folder's own; null: there is none. */
  chatTemplate: string | null;
  /** Special tokens by their text: those that a chat template may write. */
  specials: ReadonlyMap<string, number>;
  /**
   * Finds special tokens in what a template wrote, together with the white space they include; null when
   * there are none.
   */
  specialPattern: RegExp | null;
  /**
   * The ids of a text, without special tokens. Throws CheckpointError when the tokenizer makes a special
   * token of text.
   */
  encode(text: string): Promise<Int32Array>;
  /** Encodes many texts at once. `places`: where each text stands, by default at the start. */
  encodeBatch(texts: readonly string[], places?: readonly RunPlace[]): Promise<Int32Array[]>;
  /**
   * Encodes texts as transformers does: a special token's text becomes the token. `around`: also what the
   * tokenizer puts around a text. For prompts of others' evaluations only: documents could write such texts.
   */
  encodeWithSpecials(texts: readonly string[], around: boolean): Promise<Int32Array[]>;
  decode(ids: ArrayLike<number>, options?: { skipSpecial?: boolean }): Promise<string>;
  /** Decodes many at once, including special tokens. */
  decodeBatch(lists: readonly ArrayLike<number>[]): Promise<string[]>;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
}

/**
 * Loads `tokenizer.json` and the configs beside it. `chatTemplate`: a template to use in place of the
 * folder's own, as `model.chat_template` names it. Throws CheckpointError for what is missing or damaged.
 */
export async function loadTokenizer(
  dir: string,
  { chatTemplate }: { chatTemplate?: string | undefined } = {},
): Promise<Tokenizer> {
  const { json, bosToken, eosToken, padToken, unknownToken, controls } = await readTokenFiles(dir);
  const clean = { ...json, truncation: null, padding: null };
  const specials = new Map(controls.map(({ content, id }) => [content, id]));
  const added = (json.added_tokens ?? []).map((token) => ({
    ...token,
    special: specials.has(token.content),
  }));
  const full = buildNative(dir, { ...clean, added_tokens: added });
  const idOf = (token: string | null): number | null => {
    if (token === null) return null;
    const id = full.tokenToId(token);
    if (id !== null) return id;
    throw new CheckpointError(
      `${dir}: expected ${JSON.stringify(token)} of tokenizer_config.json in tokenizer.json, got no ` +
        "such token",
    );
  };
  for (const token of [bosToken, eosToken]) if (token !== null) specials.set(token, idOf(token)!);

  const namesToHide = new Set(specials.keys());
  // Text may become the unknown token; a template does not write it.
  if (unknownToken !== null) specials.delete(unknownToken);
  const encodeBatch = createEncoder(
    dir,
    clean,
    namesToHide,
    new Map([...specials].map(([t, id]) => [id, t])),
  );
  return {
    dir,
    vocabSize: full.getVocabSize(true),
    bosToken,
    eosToken,
    padToken,
    bosId: idOf(bosToken),
    eosId: idOf(eosToken),
    around: await around(full),
    chatTemplate: chatTemplate === undefined ? null : await readChosenTemplate(chatTemplate),
    specials,
    specialPattern: patternOf(specials, controls),
    encode: async (text) => (await encodeBatch([text]))[0]!,
    encodeBatch,
    encodeWithSpecials: async (texts, addSpecialTokens) => {
      const encodings = await full.encodeBatch([...texts], { addSpecialTokens });
      return encodings.map((encoding) => Int32Array.from(encoding.getIds()));
    },
    decode: (ids, { skipSpecial = false } = {}) => full.decode(Array.from(ids), skipSpecial),
    decodeBatch: (lists) =>
      full.decodeBatch(
        lists.map((ids) => Array.from(ids)),
        false,
      ),
    tokenToId: (token) => full.tokenToId(token) ?? undefined,
    idToToken: (id) => full.idToToken(id) ?? undefined,
  };
}

function patternOf(specials: ReadonlyMap<string, number>, controls: readonly AddedToken[]): RegExp | null {
  if (specials.size === 0) return null;
  const strips = new Map(controls.map((token) => [token.content, token]));
  // The longest first, so that a token is not mistaken for a shorter one that it starts with.
  const names = [...specials.keys()].sort((a, b) => b.length - a.length);
  const alternatives = names.map((name) => {
    const { lstrip = false, rstrip = false } = strips.get(name) ?? {};
    const literal = escapeRegExp(name);
    return `${lstrip ? "\\s*" : ""}${literal}${rstrip ? "\\s*" : ""}`;
  });
  return new RegExp(alternatives.join("|"), "g");
}
