import { expect, it } from "vitest";
import { answerEnds } from "../../../src/tokenizer/ends/answer-ends.ts";
import { endTextFinder } from "../../../src/tokenizer/ends/end-texts.ts";
import { stopIdsOf } from "../../../src/tokenizer/ends/stop-ids.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { llama31Tools } from "../chat/stock-tool-templates.ts";
import { folderOf, nanoDir, nanoJson, nanoWith } from "../fixtures.ts";

const named = (...contents: string[]) => contents.map((content) => ({ content }));
const chatml =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const channels =
  "{% for m in messages %}{% if m.role == 'assistant' %}" +
  "{% if m.thinking %}{{ '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}{% endif %}" +
  "{{ '<|start|>assistant<|channel|>final<|message|>' + m.content }}{{ '<|return|>' if loop.last else '<|end|>' }}" +
  "{% else %}{{ '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|start|>assistant' }}{% endif %}";
const opener =
  "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content }}{{ '\\n' if not loop.last }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '\\n<|assistant|>\\n' }}{% endif %}";

async function endNames(tokenizer: Tokenizer): Promise<(string | undefined)[]> {
  return (await answerEnds(tokenizer)).map((id) => tokenizer.idToToken(id));
}

it("the end of an answer is what training puts under loss", async () => {
  expect(await endNames(await nanoWith(chatml, named("<|im_start|>", "<|im_end|>")))).toEqual(["<|im_end|>"]);
  expect(await endNames(await nanoWith(opener, named("<|user|>", "<|assistant|>")))).toEqual(["<|user|>"]);
  expect(await endNames(await loadTokenizer(nanoDir))).toEqual(["</s>"]);
});

it("what also stands behind a thought does not end an answer", async () => {
  const tokens = named("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|return|>");
  expect(await endNames(await nanoWith(channels, tokens))).toEqual(["<|return|>"]);
});

it("the end of a call is one", async () => {
  const tokens = named(
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|eom_id|>",
  );
  const tokenizer = await nanoWith(llama31Tools, tokens, {
    bos_token: "<|begin_of_text|>",
    eos_token: "<|eot_id|>",
  });
  expect(await endNames(tokenizer)).toContain("<|eot_id|>");
});

it("without a template there are none, and generation stops at the model's and the tokenizer's", async () => {
  const files = { "tokenizer.json": nanoJson(), "tokenizer_config.json": { eos_token: "</s>" } };
  const bare = await loadTokenizer(folderOf(files));
  expect(await answerEnds(bare)).toEqual([]);
  expect(await stopIdsOf([7, 9, 7], bare)).toEqual([7, 9, 2]);
  const chat = await nanoWith(chatml, named("<|im_start|>", "<|im_end|>"));
  expect(await stopIdsOf([2], chat)).toEqual([2, 4097]);
});

it("finds end tokens at the end of answers, the tokenizer's own and those of other models", async () => {
  const endText = await endTextFinder(await nanoWith(opener, named("<|user|>", "<|assistant|>")));
  const answers = ["Yes.</s>", "Yes.<|user|>\n", "Yes.<|im_end|> ", "<|im_end|> is how it ends.", "Yes."];
  expect(answers.map(endText)).toEqual(["</s>", "<|user|>", "<|im_end|>", undefined, undefined]);
});
