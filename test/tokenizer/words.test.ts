import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenizerJson } from "../../src/tokenizer/token-files.ts";
import { createWordCache } from "../../src/tokenizer/word-cache.ts";
import { wordCutter } from "../../src/tokenizer/words.ts";
import { idsOf, nanoJson, nanoWith, native, sentencePieceJson } from "./fixtures.ts";

/** Everything that patterns treat apart, and white space that JavaScript and Unicode do not agree on. */
const borders = fc.constantFrom(
  ...(
    "\n|\r\n|\n\n| |  |   " +
    "|\t|\u0085|\ufeff|\u2028|\u00a0|a|▁|Ünï|e\u0301|12345|'s|'LL|'ſ|.|...|—|🦓|👩‍👩‍👧|漢字|𠮷|ا|\u0301|\u088f|</s>|word| a| b |  ab|▁▁a"
  ).split("|"),
);
const texts = fc.array(
  fc.array(borders, { maxLength: 12 }).map((parts) => parts.join("")),
  { maxLength: 4 },
);

describe("texts cut into words", () => {
  const json = nanoJson();
  const split = (regex: string) => ({
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  });
  const cl100k = (digits: string) =>
    `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ` +
    "?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const replace = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const prepend = { type: "Prepend", prepend: "▁" };
  const metaspace = (prepend_scheme: string) => ({
    type: "Metaspace",
    replacement: "▁",
    prepend_scheme,
    split: false,
  });
  const bytes = { ...json, added_tokens: [] };
  const pieces = sentencePieceJson({ added_tokens: [] });
  const kinds: Record<string, TokenizerJson> = {
    ours: bytes,
    "Llama 3": { ...bytes, pre_tokenizer: split(cl100k("{1,3}")) },
    Qwen: { ...bytes, pre_tokenizer: split(cl100k("")), normalizer: { type: "NFC" } },
    "GPT-2": { ...bytes, pre_tokenizer: byteLevel },
    "Llama 2": { ...pieces, normalizer: { type: "Sequence", normalizers: [prepend, replace] } },
    "Mistral, at the start": { ...pieces, pre_tokenizer: metaspace("first") },
    "Mistral, further on": { ...pieces, pre_tokenizer: metaspace("never") },
    "always a blank in front": { ...pieces, pre_tokenizer: metaspace("always") },
    Gemma: {
      ...pieces,
      normalizer: replace,
      pre_tokenizer: {
        type: "Split",
        pattern: { String: " " },
        behavior: "MergedWithPrevious",
        invert: false,
      },
    },
  };

  for (const [name, own] of Object.entries(kinds)) {
    it(`${name}: the words' ids are the text's, the first time and from then on`, async () => {
      const { cut, json: wordJson } = wordCutter(own)!;
      const [whole, word] = [native(own), native(wordJson)];
      const asked: string[] = [];
      const encode = createWordCache(async (words) => {
        asked.push(...words);
        return Promise.all(words.map(async (one) => Int32Array.from(await idsOf(word, one))));
      });
      let several = 0;
      await fc.assert(
        fc.asyncProperty(texts, async (all) => {
          const known = all.filter((text) => cut(text) !== null);
          const lists = known.map((text) => cut(text)!);
          several += lists.filter(({ length }) => length > 2).length;
          const encoded = await encode(lists);
          for (const [i, text] of known.entries()) {
            expect([...encoded[i]!], JSON.stringify(text)).toEqual(await idsOf(whole, text));
          }
        }),
        { numRuns: 300 },
      );
      expect(several).toBeGreaterThan(60);
      expect(new Set(asked).size).toBe(asked.length);
    });
  }

  // Letters of Unicode 17 are none to the library, which knows 16: a text with one is encoded whole.
  it("every character is of the same kind here and in the library, or its text stays whole", () => {
    const { cut } = wordCutter(bytes)!;
    const library = native(bytes).getPreTokenizer()!;
    const lengths = (words: readonly string[]) => words.map((word) => Buffer.byteLength(word)).join();
    const wrong: string[] = [];
    let taken = 0;
    for (let code = 0; code < 0x30000; code += code < 0x10000 ? 1 : 7) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const c = String.fromCodePoint(code);
      const text = `a${c}b1${c}2 ${c} ${c}${c}.${c}\n${c} '${c}'l${c}x'${c}x`;
      const words = cut(text);
      if (words === null) continue;
      taken++;
      // The library shows a character for each byte.
      const theirs = library.preTokenizeString(text).map(([word]) => [...word].length);
      if (lengths(words) !== theirs.join()) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
    expect(taken).toBeGreaterThan(60_000);
  });

  it("what is not known stays whole", () => {
    const odd: Record<string, TokenizerJson> = {
      "another pattern": { ...bytes, pre_tokenizer: split(`${cl100k("{1,3}")}|\\n.`) },
      "one that is cut out": {
        ...bytes,
        pre_tokenizer: {
          ...split(cl100k("")),
          pretokenizers: split(cl100k("")).pretokenizers.map((step) => ({ ...step, behavior: "Removed" })),
        },
      },
      "no split": { ...bytes, pre_tokenizer: { ...byteLevel, use_regex: false } },
      "a blank put in front": { ...bytes, pre_tokenizer: { ...byteLevel, add_prefix_space: true } },
      "another normalizer": { ...bytes, normalizer: { type: "NFKC" } },
      "a token that goes on over a blank": {
        ...kinds["Llama 2"]!,
        model: { ...pieces.model!, vocab: { ...(pieces.model!.vocab as object), "a▁b": 99 } },
      },
      "chance in its merges": { ...kinds["Llama 2"]!, model: { ...pieces.model!, dropout: 0.1 } },
      "words of the vocabulary go before merges": {
        ...kinds["Llama 2"]!,
        model: { ...pieces.model!, ignore_merges: true },
      },
      "a blank that is no token": {
        ...kinds["Llama 2"]!,
        model: { ...pieces.model!, vocab: { "<unk>": 0, a: 1 } },
      },
      Unigram: {
        ...kinds["Llama 2"]!,
        model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0]] },
      },
      "Gemma's split without its normalizer": { ...kinds.Gemma!, normalizer: null },
      lowercase: { ...pieces, normalizer: { type: "Lowercase" } },
    };
    for (const [name, one] of Object.entries(odd)) expect(wordCutter(one), name).toBe(null);
  });

  it("a text with an added token stays whole, and so does one that is not composed", async () => {
    const added = [{ id: 4096, content: "<think>", special: false }];
    const withTokens = wordCutter({ ...bytes, added_tokens: added })!;
    expect(withTokens.cut("a <think> b")).toBe(null);
    expect(withTokens.cut("a think b")).toEqual(["a", " think", " b"]);
    expect(wordCutter(kinds.Qwen!)!.cut("cafe\u0301")).toBe(null);
    expect(wordCutter(kinds.Qwen!)!.cut("caf\u00e9")).toEqual(["café"]);
    const tokenizer = await nanoWith("", [{ content: "<think>", special: false }]);
    const [first, second] = await tokenizer.encodeBatch(["a <think> b", "a b"]);
    expect([...first!]).toContain(4096);
    expect(await tokenizer.decode(second!)).toBe("a b");
  });
});
