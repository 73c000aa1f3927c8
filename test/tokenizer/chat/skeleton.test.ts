import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { renderChat } from "../../../src/tokenizer/chat/chat.ts";
import { markedText, nanoWith } from "../fixtures.ts";

const added = ["<|im_start|>", "<|im_end|>"].map((content) => ({ content }));

/** A template that takes a thought out of an answer and writes it by itself, as often as it is told. */
const thinking = (written: string) => `{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}
{%- if m.role == 'assistant' and '</think>' in m.content %}
    {%- set thought = m.content.split('</think>')[0].split('<think>')[-1].strip() %}
    {%- set said = m.content.split('</think>')[-1].lstrip('\\n') %}
    {{- ${written} }}
{%- else %}
    {{- m.content }}
{%- endif %}
{%- for c in m.tool_calls or [] %}
    {{- '<call>' + c.function.name + (c.function.arguments | tojson) }}
{%- endfor %}
{{- '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`;
const thoughtful = "'[' + thought + ']'";

const says: Message = { role: "assistant", content: "<think>\nlet me see\n</think>\n\nbecause" };
const calls: Message = {
  role: "assistant",
  content: "<think>\nlet me see\n</think>\n\n",
  tool_calls: [{ type: "function", function: { name: "look", arguments: "{}" } }],
};
const begins = "<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\n";

describe("a thought that the template writes by itself", () => {
  const render = async (written: string, answer: Message) =>
    markedText(await nanoWith(thinking(written), added), [{ role: "user", content: "why" }, answer]);

  it("once, right before what is said or called, is trained with it", async () => {
    expect(await render(`${thoughtful} + said`, says)).toBe(`${begins}⟦[let me see]because<|im_end|>⟧\n`);
    expect(await render(`${thoughtful} + said`, calls)).toBe(
      `${begins}⟦[let me see]<call>look{}<|im_end|>⟧\n`,
    );
  });

  // Which of the two the model thought cannot be told, and it would learn to say everything twice.
  const refused: [what: string, written: string, answer: Message][] = [
    ["twice before what is said", `${thoughtful} + ${thoughtful} + said`, says],
    ["twice before a call", `${thoughtful} + ${thoughtful} + said`, calls],
    ["before and after what is said", `${thoughtful} + said + ${thoughtful}`, says],
    ["after what is said", `said + ${thoughtful}`, says],
  ];
  it.each(refused)("%s is refused", async (_, written, answer) => {
    const tokenizer = await nanoWith(thinking(written), added);
    const chat: Message[] = [{ role: "user", content: "why" }, answer];
    await expect(renderChat(tokenizer, chat)).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining("expected one that writes every message's content as it is, in order"),
    });
  });
});
