import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { answerFrame } from "../../../src/tokenizer/chat/answer-frame.ts";
import { renderChat, renderPrompt } from "../../../src/tokenizer/chat/chat.ts";
import { answersAlone } from "../../../src/tokenizer/chat/train-on.ts";
import { LostThought } from "../../../src/tokenizer/chat/trained-ranges.ts";
import { markedText, nanoWith } from "../fixtures.ts";

const named = (...contents: string[]) => contents.map((content) => ({ content }));
const chatml = named("<|im_start|>", "<|im_end|>");
const user: Message = { role: "user", content: "why" };
const says = (content: string, reasoning_content?: string): Message => ({
  role: "assistant",
  content,
  ...(reasoning_content !== undefined && { reasoning_content }),
});

const turn = "{{ '<|im_start|>' + m.role + '\\n' }}";
const thinkingBody =
  "{% set t = m.reasoning_content or '' %}{{ '<think>\\n' + t + '\\n</think>\\n\\n' + m.content }}";
/** As Qwen 3.5: the prompt opens the thought. */
const opens =
  `{% for m in messages %}${turn}{% if m.role == 'assistant' %}${thinkingBody}{% else %}{{ m.content }}{% endif %}` +
  "{{ '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% endif %}";
/** As Qwen 3: the model does. */
const modelOpens = opens.replace("assistant\\n<think>\\n' }}{% endif %}", "assistant\\n' }}{% endif %}");
/** As gpt-oss: channels, and another end for the last answer. */
const channels =
  "{% for m in messages %}{% if m.role == 'assistant' %}" +
  "{% if m.thinking %}{{ '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}{% endif %}" +
  "{{ '<|start|>assistant<|channel|>final<|message|>' + m.content }}{{ '<|return|>' if loop.last else '<|end|>' }}" +
  "{% else %}{{ '<|start|>' + m.role + '<|message|>' + m.content + '<|end|>' }}{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|start|>assistant' }}{% endif %}";
const channelTokens = named("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|return|>");
/** As GLM 4.5: the next turn's token is what ends an answer. */
const opener =
  "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content }}{{ '\\n' if not loop.last }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '\\n<|assistant|>\\n' }}{% endif %}";
const openerTokens = named("<|user|>", "<|assistant|>");

describe("a prompt that opens the thought", () => {
  it("leaves the rest of it to the model", async () => {
    const tokenizer = await nanoWith(opens, chatml);
    const begins = "<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\n<think>\n";
    expect(await markedText(tokenizer, [user, says("so", "hm")])).toBe(
      `${begins}⟦hm\n</think>\n\nso<|im_end|>⟧\n`,
    );
    expect(await markedText(tokenizer, [user, says("so")])).toBe(`${begins}⟦\n</think>\n\nso<|im_end|>⟧\n`);
    expect(await answerFrame(tokenizer)).toEqual({
      after: "<|im_end|>\n",
      before: "\n</think>\n\n",
      thought: { before: "", between: "\n</think>\n\n" },
      isOpened: true,
    });
  });

  it("may end in white space that the whole does not have: an empty thought in one piece", async () => {
    const inOnePiece = opens.replace("<think>\\n' + t + '\\n</think>", "<think>' + t + '</think>");
    const tokenizer = await nanoWith(inOnePiece, chatml);
    expect(await markedText(tokenizer, [user, says("so")])).toBe(
      "<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\n<think>⟦</think>\n\nso<|im_end|>⟧\n",
    );
  });

  it("is refused where the whole has another beginning, with both in the message", async () => {
    const tokenizer = await nanoWith(opens.replace(thinkingBody, "{{ m.content }}"), chatml);
    await expect(renderChat(tokenizer, [user, says("so")])).rejects.toThrow(
      'expected the prompt of message 1 to be how the whole conversation begins, got one with "<think>\\n" where the ' +
        "whole has the message itself",
    );
  });
});

describe("thoughts", () => {
  it("are trained, or read where thoughts: false", async () => {
    const tokenizer = await nanoWith(modelOpens, chatml);
    const chat = [user, says("so", "hm")];
    const begins = "<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\n";
    expect(await markedText(tokenizer, chat)).toBe(`${begins}⟦<think>\nhm\n</think>\n\nso<|im_end|>⟧\n`);
    expect(await markedText(tokenizer, chat, { ...answersAlone, thoughts: false })).toBe(
      `${begins}<think>\nhm\n</think>\n\n⟦so<|im_end|>⟧\n`,
    );
    // The same of a thought that stands in the text.
    const plain = await nanoWith(
      opens.replace(thinkingBody, "{{ m.content }}").replace("<think>\\n' }}", "' }}"),
      chatml,
    );
    const inText = [user, says("<think>\nhm\n</think>\n\nso")];
    expect(await markedText(plain, inText, { ...answersAlone, thoughts: false })).toBe(
      `${begins}<think>\nhm\n</think>\n\n⟦so<|im_end|>⟧\n`,
    );
  });

  it("that a template leaves out are told, or the answer is trained without them by choice", async () => {
    const tokenizer = await nanoWith(
      opens.replace(thinkingBody, "{{ m.content }}").replace("<think>\\n' }}", "' }}"),
      chatml,
    );
    const chat = [user, says("so", "hm")];
    await expect(renderChat(tokenizer, chat)).rejects.toBeInstanceOf(LostThought);
    await expect(renderChat(tokenizer, chat)).rejects.toThrow("mix.on_lost_thought: keep");
    expect(await markedText(tokenizer, chat, { ...answersAlone, lostThought: "keep" })).toContain(
      "⟦so<|im_end|>⟧",
    );
    // Where something else is trained, the answer that lost its thought is only read.
    const two = [user, says("so", "hm"), user, says("no")];
    expect((await renderChat(tokenizer, two)).leftOut).toEqual([1]);
  });
});

describe("a header that the model writes", () => {
  it("is trained with the answer, thought and all; each answer with the end that stands there", async () => {
    const tokenizer = await nanoWith(channels, channelTokens);
    const asked = "<|start|>user<|message|>why<|end|><|start|>assistant";
    expect(await markedText(tokenizer, [user, says("so", "hm"), user, says("no")])).toBe(
      `${asked}⟦<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>so<|end|>⟧` +
        `${asked}⟦<|channel|>final<|message|>no<|return|>⟧`,
    );
  });
});

describe("an answer that the next turn ends", () => {
  it("is trained with that turn's token, which is appended to the last one", async () => {
    const tokenizer = await nanoWith(opener, openerTokens);
    expect(await markedText(tokenizer, [user, says("so"), user, says("no")])).toBe(
      "<|user|>\nwhy\n<|assistant|>\n⟦so\n<|user|>⟧\nwhy\n<|assistant|>\n⟦no\n<|user|>⟧",
    );
    expect(await markedText(tokenizer, [user, says("so")], { ...answersAlone, eos: "none" })).toBe(
      "<|user|>\nwhy\n<|assistant|>\n⟦so⟧",
    );
  });

  // As GLM 4.5: an answer that another turn follows has lost its thought, so its end stood elsewhere.
  it("is so with a thought that only the last answer keeps, and where the template marks what is generated", async () => {
    const thought = "{{ '<think>' + (m.reasoning_content or '' if loop.last else '') + '</think>' }}";
    for (const [open, close] of [
      ["", ""],
      ["{% generation %}", "{% endgeneration %}"],
    ]) {
      const said = `${open}{% if m.role == 'assistant' %}${thought}{% endif %}{{ m.content }}${close}`;
      const template =
        `{% for m in messages %}{{ '<|' + m.role + '|>\\n' }}${said}{% endfor %}` +
        "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";
      const tokenizer = await nanoWith(template, openerTokens);
      expect(await markedText(tokenizer, [user, says("so", "hm")])).toBe(
        "<|user|>\nwhy<|assistant|>\n⟦<think>hm</think>so<|user|>⟧",
      );
    }
  });
});

describe("ends", () => {
  it("of two tokens in every turn are both trained (Command A), one that ends texts alone is not (Phi-3)", async () => {
    const turns = (end: string) =>
      `{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' }}${end}{% endfor %}` +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
    const trained = async (end: string) => markedText(await nanoWith(turns(end), chatml), [user, says("so")]);
    expect(await trained("{{ eos_token }}")).toContain("⟦so<|im_end|></s>⟧");
    expect(await trained("{{ eos_token if loop.last and not add_generation_prompt else '' }}")).toContain(
      "⟦so<|im_end|>⟧</s>",
    );
  });

  it("are no tokens that open another answer, nor BOS of the next turn", async () => {
    const always =
      "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content }}{% endfor %}{{ '<|assistant|>\\n' }}";
    const bos =
      "{% for m in messages %}{{ (bos_token if m.role == 'user' else ': ') + m.content }}{% endfor %}{{ ': ' if add_generation_prompt }}";
    for (const template of [always, bos]) {
      const tokenizer = await nanoWith(template, openerTokens);
      await expect(renderChat(tokenizer, [user, says("so")])).rejects.toThrow(
        "the model would never learn to stop",
      );
    }
  });

  it("of a call may be the token of the tool's turn", async () => {
    const calling =
      "{% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content }}{% for c in m.tool_calls or [] %}" +
      "{{ 'CALL ' + c.function.name + c.function.arguments|tojson }}{% endfor %}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";
    const tokenizer = await nanoWith(calling, [...openerTokens, { content: "<|tool|>" }]);
    const call: Message = {
      role: "assistant",
      content: "",
      tool_calls: [{ type: "function", function: { name: "look", arguments: '{"at": 1.0}' } }],
    };
    expect(await markedText(tokenizer, [user, call, { role: "tool", content: "1" }, says("so")])).toBe(
      '<|user|>\nwhy<|assistant|>\n⟦CALL look{"at": 1.0}<|tool|>⟧\n1<|assistant|>\n⟦so<|user|>⟧',
    );
    expect(await markedText(tokenizer, [user, call])).toBe(
      '<|user|>\nwhy<|assistant|>\n⟦CALL look{"at": 1.0}<|tool|>⟧',
    );
  });
});

describe("a prompt", () => {
  it("is rendered whatever of its earlier answers could be trained", async () => {
    const loses = opens.replace(thinkingBody, "{{ m.content }}").replace("<think>\\n' }}", "' }}");
    const tokenizer = await nanoWith(loses, chatml);
    const prompt = await renderPrompt(tokenizer, [user, says("so", "hm"), user]);
    expect(await tokenizer.decode(prompt)).toContain("assistant\nso<|im_end|>");
    const opened = await nanoWith(opens, chatml);
    await expect(renderPrompt(opened, [user, says("so"), user])).resolves.toBeInstanceOf(Int32Array);
  });
});

describe("what is trained is the whole without the prompt", () => {
  const conversations = [
    [user, says("so")],
    [user, says("so", "hm")],
    [user, says("  so\n\n")],
    [{ role: "system" as const, content: "be brief" }, user, says("so")],
  ];
  it.each([
    ["opens", opens, chatml],
    ["the model opens", modelOpens, chatml],
    ["channels", channels, channelTokens],
    ["the next turn ends", opener, openerTokens],
  ] as const)("%s", async (_, template, tokens) => {
    const tokenizer = await nanoWith(template, [...tokens]);
    const isPlain = template === opener;
    for (const chat of conversations.filter(
      (one) => !isPlain || one.at(-1)!.reasoning_content === undefined,
    )) {
      const { ids, trained } = await renderChat(tokenizer, chat);
      const prompt = await renderPrompt(tokenizer, chat.slice(0, -1));
      expect([...ids.subarray(0, prompt.length)]).toEqual([...prompt]);
      // All after the prompt up to the last special token, and nothing before it.
      const last = ids.findLastIndex((id) => [...tokenizer.specials.values()].includes(id));
      expect([...trained]).toEqual(Array.from(ids, (_, t) => Number(t >= prompt.length && t <= last)));
    }
  });
});
