import { describe, expect, it } from "vitest";
import { beginTexts, renderTexts } from "../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { folderOf, nanoJson } from "./fixtures.ts";
import { publicForms } from "./public-forms.ts";

/** tokenizer("Call me the whale") of transformers 4.57 and 5.24 (test/interop compares), and EOS. */
const expected: Record<keyof typeof publicForms, { ids: number[]; eos: number }> = {
  "Llama 2": { ids: [1, 259, 286, 260, 271, 271, 259, 272, 264, 293, 259, 282, 267, 260, 271, 264], eos: 2 },
  "Llama 3": { ids: [266, 67, 97, 108, 108, 32, 265, 258, 263], eos: 268 },
  "GPT-2": { ids: [67, 97, 108, 108, 32, 265, 258, 263], eos: 266 },
  // Its texts began with <|im_start|>, id 1, which transformers does not put there.
  SmolLM2: { ids: [70, 100, 111, 111, 35, 268, 261, 266], eos: 2 },
  Qwen: { ids: [67, 97, 108, 108, 32, 265, 258, 263], eos: 266 },
  nano: { ids: [38, 517, 587, 266, 1738], eos: 2 },
};

describe("a plain text begins as the tokenizer itself has it", () => {
  for (const [name, make] of Object.entries(publicForms)) {
    const { ids, eos } = expected[name as keyof typeof publicForms];
    it(name, async () => {
      const tokenizer = await loadTokenizer(make());
      const text = "Call me the whale";
      expect([...(await beginTexts(tokenizer, [text]))[0]!]).toEqual(ids);
      const [rendered] = await renderTexts(tokenizer, [text]);
      expect([...rendered!.ids]).toEqual([...ids, eos]);
      expect([...rendered!.trained]).toEqual([0, ...ids.map(() => 1)]);
    });
  }
});

it("an EOS that the tokenizer puts behind a text is there once, and not where a text goes on", async () => {
  const piece = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const post_processor = {
    type: "TemplateProcessing",
    single: [piece("<s>"), { Sequence: { id: "A", type_id: 0 } }, piece("</s>")],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: {
      "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] },
      "</s>": { id: "</s>", ids: [2], tokens: ["</s>"] },
    },
  };
  const tokenizer = await loadTokenizer(
    folderOf({
      "tokenizer.json": { ...nanoJson(), post_processor },
      "tokenizer_config.json": { bos_token: "<s>", eos_token: "</s>" },
    }),
  );
  expect(tokenizer.around).toEqual({ before: [1], after: [2] });
  const text = await tokenizer.encode("Call me");
  expect([...(await renderTexts(tokenizer, ["Call me"]))[0]!.ids]).toEqual([1, ...text, 2]);
  expect([...(await beginTexts(tokenizer, ["Call me"]))[0]!]).toEqual([1, ...text]);
});

it("a tokenizer without a post-processor puts nothing before a text, whatever its BOS is", async () => {
  const tokenizer = await loadTokenizer(
    folderOf({
      "tokenizer.json": { ...nanoJson(), post_processor: null },
      "tokenizer_config.json": { bos_token: "<s>", add_bos_token: true },
    }),
  );
  expect(tokenizer).toMatchObject({ bosId: 1, around: { before: [], after: [] } });
});

it("GPT-2's class has tokens that no file names; null in a file is none", async () => {
  const gpt2 = await loadTokenizer(publicForms["GPT-2"]());
  expect([gpt2.bosToken, gpt2.eosToken]).toEqual(["<|endoftext|>", "<|endoftext|>"]);
  const qwen = await loadTokenizer(publicForms.Qwen());
  expect([qwen.bosToken, qwen.eosToken]).toEqual([null, "<|endoftext|>"]);
});
