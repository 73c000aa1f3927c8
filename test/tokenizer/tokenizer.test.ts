import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderChat, renderPrompt } from "../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { folderOf, idsOf, nanoDir, nanoJson, nanoWith, native, sentencePieceJson } from "./fixtures.ts";

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

it("special tokens are named by tokenizer_config.json, else by special_tokens_map.json", async () => {
  const tokenizer = await loadTokenizer(
    folderOf({
      "tokenizer.json": nanoJson(),
      "tokenizer_config.json": { eos_token: "</s>" },
      "special_tokens_map.json": { bos_token: "<s>", eos_token: "<unk>" },
    }),
  );
  expect([tokenizer.bosId, tokenizer.eosToken]).toEqual([1, "</s>"]);
});

describe("tokenizers that put a blank before a text", () => {
  const template =
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + m['content'] + ' " +
    "[/INST]' }}" +
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
