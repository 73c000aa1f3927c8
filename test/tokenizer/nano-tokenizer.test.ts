import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Tokenizer } from "tokenizers";
import { expect, test } from "vitest";
import { chatOptions, Template } from "../../src/jinja/template.ts";
import { packagePath } from "../../src/package-root.ts";

const folder = packagePath("checkpoints/zebra-nano-tokenizer");
const tokenizer = Tokenizer.fromFile(`${folder}/tokenizer.json`);
const template = new Template(readFileSync(`${folder}/chat_template.jinja`, "utf8"), chatOptions);
const tokens = { bos_token: "<s>", eos_token: "</s>" };

async function idsOf(text: string): Promise<number[]> {
  return (await tokenizer.encode(text, null, { addSpecialTokens: true })).getIds();
}

test("4,096 tokens, the four specials first, and no BOS that the template did not write", async () => {
  expect(tokenizer.getVocabSize(true)).toBe(4096);
  expect(["<unk>", "<s>", "</s>", "<pad>"].map((token) => tokenizer.tokenToId(token))).toEqual([0, 1, 2, 3]);
  expect((await idsOf("The"))[0]).toBeGreaterThan(3);
});

test("any text comes back as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
      expect(await tokenizer.decode(await idsOf(text), false)).toBe(text.toWellFormed());
    }),
    { numRuns: 200 },
  );
});

test("the chat template writes Llama 2's form, and a prompt is a token prefix of the training text", async () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Year?" },
    { role: "assistant", content: "1987" },
    { role: "user", content: "Where?" },
    { role: "assistant", content: "Paris" },
  ];
  const whole = template.render({ messages, ...tokens });
  expect(whole).toBe(
    "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nYear? [/INST] 1987</s><s>[INST] Where? [/INST] Paris</s>",
  );
  for (const turns of [2, 4]) {
    const prompt = template.render({
      messages: messages.slice(0, turns),
      ...tokens,
      add_generation_prompt: true,
    });
    const ids = await idsOf(prompt);
    expect((await idsOf(whole)).slice(0, ids.length)).toEqual(ids);
  }
});

test("the chat template refuses roles out of turn", () => {
  const messages = [{ role: "assistant", content: "Hello" }];
  expect(() => template.render({ messages, ...tokens })).toThrow(/got assistant as turn 1/);
});
