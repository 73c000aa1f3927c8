import fc from "fast-check";
import { Tokenizer as Native } from "tokenizers";
import { describe, expect, it } from "vitest";
import { renderChat, renderPrompt } from "../../src/tokenizer/chat.ts";
import { piecesOf } from "../../src/tokenizer/pieces.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { folderOf, nanoDir, nanoJson, nanoWith, sentencePieceJson } from "./fixtures.ts";

const native = (json: unknown) => Native.fromString(JSON.stringify(json));
const idsOf = async (tokenizer: Native, text: string) =>
  (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();

/** Everything that patterns treat apart, and white space that JavaScript and Unicode do not agree on. */
const borders = fc.constantFrom(
  ..."\n|\r\n|\n\n| |  |\t|\u0085|\ufeff|\u2028|\u00a0|a|Ünï|12345|'s|'LL|.|...|—|🦓|👩‍👩‍👧|漢字|ا|\u0301|</s>".split(
    "|",
  ),
);
const longText = fc
  .array(fc.array(borders, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 })
  .map((parts) =>
    parts
      .map((part) => `word\n${part.join("")}`)
      .join("")
      .repeat(Math.ceil(9000 / (6 * parts.length))),
  );

describe("long texts in pieces", () => {
  const json = nanoJson();
  const split = (regex: string) => ({
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  });
  const cl100k = (digits: string) =>
    `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const kinds = {
    ours: json.pre_tokenizer,
    "Llama 3": split(cl100k("{1,3}")),
    Qwen: split(cl100k("")),
    "GPT-2": byteLevel,
  };

  for (const [name, pre_tokenizer] of Object.entries(kinds)) {
    it(`${name}: the pieces' ids are the whole's`, async () => {
      const own = { ...json, added_tokens: [], pre_tokenizer };
      const tokenizer = native(own);
      let pieces = 0;
      await fc.assert(
        fc.asyncProperty(longText, async (text) => {
          const parts = piecesOf(text, own);
          pieces = Math.max(pieces, parts.length);
          const joined = (await Promise.all(parts.map((part) => idsOf(tokenizer, part)))).flat();
          expect(joined).toEqual(await idsOf(tokenizer, text));
        }),
        { numRuns: 15 },
      );
      expect(pieces).toBeGreaterThan(2);
    });
  }

  // U+0085 is white space for the patterns, though not for JavaScript: newline, U+0085, newline is one word to them.
  it("no cut goes through white space", () => {
    const text = `${"word ".repeat(600)}end\n\u0085\nword\n\u2028\nword\n \nword`.repeat(3);
    expect(piecesOf(text, json)).toEqual([text]);
    expect(piecesOf(text.replaceAll("\u0085\n", ""), json).length).toBe(4);
  });

  it("what is not known stays whole", () => {
    const text = "a line of words\n".repeat(1000);
    expect(piecesOf(text, json).length).toBeGreaterThan(4);
    const odd = {
      "another pattern": { ...json, pre_tokenizer: split(`${cl100k("{1,3}")}|\\n.`) },
      "no split": { ...json, pre_tokenizer: { ...byteLevel, use_regex: false } },
      "a blank put in front": { ...json, pre_tokenizer: { ...byteLevel, add_prefix_space: true } },
      "a normalizer": { ...json, normalizer: { type: "NFC" } },
      Metaspace: { ...json, pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first" } },
      "an added token over lines": {
        ...json,
        added_tokens: [{ id: 5000, content: "s\na", special: false }],
      },
    };
    for (const [name, one] of Object.entries(odd)) expect(piecesOf(text, one), name).toEqual([text]);
  });
});

describe("text is never a special token", () => {
  it("whatever stands around its name, alone or in a batch", async () => {
    const tokenizer = await loadTokenizer(nanoDir);
    const specials = new Set(tokenizer.specials.values());
    const part = fc.oneof(fc.constantFrom("<s>", "</s>", "<unk>", "<pad>"), fc.string({ unit: "grapheme" }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(part), { maxLength: 5 }), async (lists) => {
        const texts = lists.map((list) => list.join("").toWellFormed());
        const batch = await tokenizer.encodeBatch(texts);
        for (const [i, text] of texts.entries()) {
          expect([...batch[i]!].filter((id) => specials.has(id))).toEqual([]);
          expect(await tokenizer.decode(batch[i]!)).toBe(text);
          expect(await tokenizer.encode(text)).toEqual(batch[i]);
        }
      }),
    );
  });

  // Some checkpoints have their end token among the added tokens without the flag `special`.
  it("nor one that only the config names", async () => {
    const config = {
      bos_token: { content: "<s>" },
      eos_token: { content: "<|end|>", lstrip: false },
      additional_special_tokens: ["<|tool|>"],
    };
    const added = ["<|end|>", "<|tool|>", "<think>"].map((content) => ({ content, special: false }));
    const tokenizer = await nanoWith("", added, config);
    expect([tokenizer.bosId, tokenizer.eosId, tokenizer.eosToken]).toEqual([1, 4096, "<|end|>"]);
    const ids = [...(await tokenizer.encode("<|end|> <|tool|> <think>"))];
    expect(ids.filter((id) => id >= 4096)).toEqual([4098]);
    expect(await tokenizer.decode([4096, ids.at(-1)!], { skipSpecial: true })).toBe("<think>");
  });

  it("and a model part that holds one as a word is refused", async () => {
    const json = sentencePieceJson({
      model: {
        type: "Unigram",
        unk_id: 0,
        vocab: [["<unk>", 0], ["<s>", 0], ["</s>", 0], ...[..."ab</s>"].map((c) => [c, -5])],
        byte_fallback: false,
      },
    });
    const tokenizer = await loadTokenizer(
      folderOf({ "tokenizer.json": json, "tokenizer_config.json": { eos_token: "</s>" } }),
    );
    expect([...(await tokenizer.encode("ab"))]).toEqual([3, 4]);
    await expect(tokenizer.encode("a</s>")).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining('got the special token "</s>" from it'),
    });
  });
});

describe("tokenizers that put a blank before a text", () => {
  const template =
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m['content'] + ' [/INST]' }}" +
    "{% else %}{{ ' ' + m['content'] + eos_token }}{% endif %}{% endfor %}";
  const blank = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const kinds = {
    Prepend: { normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }, blank] } },
    "Metaspace always": {
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: false },
    },
    "Metaspace first": {
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false },
    },
  };
  for (const [name, parts] of Object.entries(kinds)) {
    // " a" after "[/INST]" was ▁ ▁a: the run began as if it were a text of its own.
    it(`${name}: a conversation's ids are those of its text as a whole`, async () => {
      const json = sentencePieceJson(parts);
      const config = { bos_token: "<s>", eos_token: "</s>", chat_template: template };
      const tokenizer = await loadTokenizer(
        folderOf({ "tokenizer.json": json, "tokenizer_config.json": config }),
      );
      const messages = [
        { role: "user", content: "b a" },
        { role: "assistant", content: "a b" },
        { role: "user", content: "c" },
        { role: "assistant", content: "b" },
      ] as const;
      const text = "<s>[INST] b a [/INST] a b</s><s>[INST] c [/INST] b</s>";
      const { ids, trained } = await renderChat(tokenizer, messages);
      expect([...ids]).toEqual(await idsOf(native(json), text));
      const prompt = await renderPrompt(tokenizer, messages.slice(0, 3));
      expect([...ids.slice(0, prompt.length)]).toEqual([...prompt]);
      const words = [...ids].filter((_, t) => trained[t] === 1).map((id) => tokenizer.idToToken(id));
      expect(words).toEqual(["▁a", "▁b", "</s>", "▁b", "</s>"]);
    });
  }
});

describe("a folder that cannot be used", () => {
  const good = { "tokenizer.json": nanoJson() };
  const cases: [what: string, files: Record<string, unknown>, says: string][] = [
    ["no tokenizer.json", {}, "tokenizer.json: expected a tokenizer file, got none"],
    [
      "half a file",
      { "tokenizer.json": '{"version": "1.0", ' },
      "expected JSON, got text that does not parse",
    ],
    ["JSON that is no tokenizer", { "tokenizer.json": {} }, "expected a tokenizer of this library"],
    ["null", { "tokenizer.json": "null" }, "expected a JSON object, got null"],
    ["a broken config", { ...good, "tokenizer_config.json": "{" }, "tokenizer_config.json: expected JSON"],
    ["an end token that is not there", { ...good, "tokenizer_config.json": { eos_token: "<e>" } }, '"<e>"'],
  ];
  for (const [what, files, says] of cases) {
    it(what, async () => {
      await expect(loadTokenizer(folderOf(files))).rejects.toMatchObject({
        code: "E_CHECKPOINT",
        message: expect.stringContaining(says),
      });
    });
  }

  it("special tokens are read from special_tokens_map.json, and there may be none", async () => {
    const named = folderOf({
      ...good,
      "special_tokens_map.json": { bos_token: { content: "<s>" }, eos_token: "</s>" },
    });
    expect(await loadTokenizer(named)).toMatchObject({ bosId: 1, eosId: 2, padToken: null, vocabSize: 4096 });
    expect(await loadTokenizer(folderOf(good))).toMatchObject({ bosId: null, eosId: null, bosToken: null });
  });
});
