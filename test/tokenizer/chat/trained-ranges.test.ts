import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { renderChat, renderPrompt } from "../../../src/tokenizer/chat/chat.ts";
import { loadTokenizer, type Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { markedText, nanoDir, nanoWith } from "../fixtures.ts";
import { gemma2, llama31, mistral03, qwen3 } from "./stock-templates.ts";

const tokens = (...contents: string[]) => contents.map((content) => ({ content }));
const load: Record<string, () => Promise<Tokenizer>> = {
  "Zebra [INST]": () => loadTokenizer(nanoDir),
  "Qwen 3": () => nanoWith(qwen3, tokens("<|im_start|>", "<|im_end|>")),
  "Gemma 2": () => nanoWith(gemma2, tokens("<start_of_turn>", "<end_of_turn>")),
  "Mistral 0.3": () => nanoWith(mistral03, tokens("[INST]", "[/INST]")),
  "Llama 3.1": () => nanoWith(llama31, tokens("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")),
};
const says =
  (role: Message["role"]) =>
  (content: string): Message => ({ role, content });
const [system, user, assistant, tool] = [says("system"), says("user"), says("assistant"), says("tool")];

describe("what is trained, in the forms that stock templates write", () => {
  const two = [user("a?"), assistant("b."), user("c?"), assistant("d.")];
  const thinking = [
    user("a?"),
    assistant("<think>\none\n</think>\n\nb."),
    user("c?"),
    assistant("<think>\ntwo\n</think>\n\nd."),
  ];
  const cases: [what: string, name: string, messages: Message[], text: string][] = [
    [
      "the empty thought that it must write",
      "Qwen 3",
      two,
      "<|im_start|>user\na?<|im_end|>\n<|im_start|>assistant\n⟦b.<|im_end|>⟧\n<|im_start|>user\nc?<|im_end|>\n" +
        "<|im_start|>assistant\n⟦<think>\n\n</think>\n\nd.<|im_end|>⟧\n",
    ],
    // The first answer would teach to answer without a thought: it is only read.
    [
      "an answer with its thought, not one that lost it",
      "Qwen 3",
      thinking,
      "<|im_start|>user\na?<|im_end|>\n<|im_start|>assistant\nb.<|im_end|>\n<|im_start|>user\nc?<|im_end|>\n" +
        "<|im_start|>assistant\n⟦<think>\ntwo\n</think>\n\nd.<|im_end|>⟧\n",
    ],
    [
      "answers around tool turns",
      "Qwen 3",
      [system("s"), user("a?"), assistant("call"), tool("one"), tool("two"), assistant("b.")],
      "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\na?<|im_end|>\n<|im_start|>assistant\n⟦call<|im_end|>⟧\n" +
        "<|im_start|>user\n<tool_response>\none\n</tool_response>\n<tool_response>\ntwo\n</tool_response><|im_end|>\n" +
        "<|im_start|>assistant\n⟦<think>\n\n</think>\n\nb.<|im_end|>⟧\n",
    ],
    [
      "answers of the model",
      "Gemma 2",
      two,
      "<s><start_of_turn>user\na?<end_of_turn>\n<start_of_turn>model\n⟦b.<end_of_turn>⟧\n" +
        "<start_of_turn>user\nc?<end_of_turn>\n<start_of_turn>model\n⟦d.<end_of_turn>⟧\n",
    ],
    ["answers and </s>", "Mistral 0.3", two, "<s>[INST] a?[/INST]⟦ b.</s>⟧[INST] c?[/INST]⟦ d.</s>⟧"],
    [
      "answers, not the header with the date, nor what a tool said",
      "Llama 3.1",
      [user("a?"), assistant("call"), tool('{"n": 1}'), assistant(" b. ")],
      "<s><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n" +
        "Today Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\na?<|eot_id|>" +
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦call<|eot_id|>⟧" +
        '<|start_header_id|>ipython<|end_header_id|>\n\n"{\\"n\\": 1}"<|eot_id|>' +
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦b.<|eot_id|>⟧",
    ],
    [
      "answers, with the system message in the first turn",
      "Zebra [INST]",
      [system("s"), ...two],
      "<s>[INST] <<SYS>>\ns\n<</SYS>>\n\na? [/INST]⟦ b.</s>⟧<s>[INST] c? [/INST]⟦ d.</s>⟧",
    ],
  ];
  for (const [what, name, messages, text] of cases) {
    it(`${name}: ${what}`, async () => {
      expect(await markedText(await load[name]!(), messages)).toBe(text);
    });
  }

  it("Qwen 3: says which answers are only read", async () => {
    expect((await renderChat(await load["Qwen 3"]!(), thinking)).leftOut).toEqual([1]);
    expect((await renderChat(await load["Qwen 3"]!(), two)).leftOut).toBeUndefined();
  });

  it("Mistral 0.3 writes a system message only with a last question: whole chats are refused", async () => {
    const tokenizer = await load["Mistral 0.3"]!();
    await expect(renderChat(tokenizer, [system("s"), ...two])).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining("changes or leaves out content"),
    });
    expect(await tokenizer.decode(await renderPrompt(tokenizer, [system("s"), user("a?")]))).toBe(
      "<s>[INST] s\n\na?[/INST]",
    );
  });

  it("Gemma 2 refuses a system message, with its own words", async () => {
    await expect(renderChat(await load["Gemma 2"]!(), [system("s"), ...two])).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining("System role not supported"),
    });
  });
});

describe("training and evaluation see the same ids", () => {
  const chat = [user("a </s> <s>[INST]?"), assistant("b <|im_end|>"), user("c?"), assistant("d. ")];
  for (const [name, open] of Object.entries(load)) {
    it(`${name}: a prompt is how the whole begins, with the template's BOS and no other`, async () => {
      const tokenizer = await open();
      const { ids, trained } = await renderChat(tokenizer, chat);
      const bos = (list: Int32Array) => list.filter((id) => id === tokenizer.bosId).length;
      for (const turn of [1, 3]) {
        const prompt = await renderPrompt(tokenizer, chat.slice(0, turn));
        expect([...prompt]).toEqual([...ids.slice(0, prompt.length)]);
        expect([trained[prompt.length - 1], trained[prompt.length]]).toEqual([0, 1]);
        // Zebra's form opens each turn with <s>, as Llama 2's does; Qwen has none.
        const expected = { "Zebra [INST]": (turn + 1) / 2, "Qwen 3": 0 }[name] ?? 1;
        expect(bos(prompt)).toBe(expected);
        if (expected > 0)
          expect([prompt[0] === tokenizer.bosId, prompt[1] === tokenizer.bosId]).toEqual([true, false]);
      }
    });
  }
});
