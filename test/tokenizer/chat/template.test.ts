import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { DataError } from "../../../src/errors.ts";
import { renderChat, renderPrompt, tryRenderChats } from "../../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { folderOf, nanoDir, nanoJson, nanoWith } from "../fixtures.ts";

/** In the manner of the stock templates, with the turns that they are known for. */
const llama2 =
  "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = " +
  "messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false " +
  "%}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % " +
  "2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') " +
  "}}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + " +
  "system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = " +
  "message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + " +
  "content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + " +
  "' ' + eos_token }}{% endif %}{% endfor %}";
const llama31 = `{{- bos_token }}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{%- if tools is not none %}
    {{- "Environment: ipython\\n" }}
{%- endif %}
{{- "Cutting Knowledge Date: December 2023\\n\\n" }}
{{- system_message }}
{{- "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
`;
const qwen = `{%- if messages[0]['role'] == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
{%- else %}
    {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
`;
/** Gemma 3: the system message goes before the first question, as it is; the rest is trimmed. */
const gemma3 = `{{ bos_token }}
{%- if messages[0]['role'] == 'system' -%}
    {%- set first_user_prefix = messages[0]['content'] + '\\n\\n' -%}
    {%- set loop_messages = messages[1:] -%}
{%- else -%}
    {%- set first_user_prefix = "" -%}
    {%- set loop_messages = messages -%}
{%- endif -%}
{%- for message in loop_messages -%}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
        {{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}
    {%- endif -%}
    {%- if (message['role'] == 'assistant') -%}
        {%- set role = "model" -%}
    {%- else -%}
        {%- set role = message['role'] -%}
    {%- endif -%}
    {{ '<start_of_turn>' + role + '\\n' + (first_user_prefix if loop.first else "") }}{{ message['content'] | trim }}{{ '<end_of_turn>\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}
    {{'<start_of_turn>model\\n'}}
{%- endif -%}
`;
const marked =
  "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content + '<|im_end|>' }}{% " +
  "endgeneration %}{% else %}{{ '<|im_start|>' + m.role + '\\n' + m.content + " +
  "'<|im_end|>\\n<|im_start|>assistant\\n' }}{% endif %}{% endfor %}";

const tokens = (...contents: string[]) => contents.map((content) => ({ content }));
const kinds = {
  "Llama 2": { template: llama2, added: [], before: " ", after: " </s>", isTrimmed: true },
  "Llama 3.1": {
    template: llama31,
    added: tokens("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    before: "",
    after: "<|eot_id|>",
    isTrimmed: true,
  },
  Qwen: {
    template: qwen,
    added: tokens("<|im_start|>", "<|im_end|>"),
    before: "",
    after: "<|im_end|>",
    isTrimmed: false,
  },
  "Gemma 3": {
    template: gemma3,
    added: tokens("<start_of_turn>", "<end_of_turn>"),
    before: "",
    after: "<end_of_turn>",
    isTrimmed: true,
  },
  "generation marks": {
    template: marked,
    added: tokens("<|im_start|>", "<|im_end|>"),
    before: "",
    after: "<|im_end|>",
    isTrimmed: false,
  },
};

/** Contents with blanks at their ends and the names of special tokens inside. */
const content = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          "word",
          " ",
          "\n",
          "</s>",
          "<s>",
          "<|im_end|>",
          "<|eot_id|>",
          "[/INST]",
          "<end_of_turn>",
          "12",
          "model\n",
        ),
      },
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => `x${parts.join("")}`.toWellFormed());
/** White space that Python's, Jinja's and JavaScript's trim agree on. */
const padded = fc
  .tuple(fc.constantFrom("", " ", "\n "), content, fc.constantFrom("", " ", " \n"))
  .map((p) => p.join(""));

describe("stock templates: what is trained is each answer and its end token, for any content", () => {
  for (const [name, { template, added, before, after, isTrimmed }] of Object.entries(kinds)) {
    it(name, async () => {
      const tokenizer = await nanoWith(template, added);
      await fc.assert(
        fc.asyncProperty(
          fc.option(padded, { nil: undefined }),
          fc.array(fc.tuple(padded, padded), { minLength: 1, maxLength: 3 }),
          async (system, turns) => {
            const messages: Message[] = [
              ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
              ...turns.flatMap(([q, a]): Message[] => [
                { role: "user", content: q },
                { role: "assistant", content: a },
              ]),
            ];
            const { ids, trained } = await renderChat(tokenizer, messages);
            const answers = turns.map(([, a]) => before + (isTrimmed ? a.trim() : a) + after);
            const runs: string[] = [];
            for (let t = 0; t < ids.length; ) {
              let end = t;
              while (end < ids.length && trained[end] === trained[t]) end++;
              if (trained[t] === 1) runs.push(await tokenizer.decode(ids.slice(t, end)));
              t = end;
            }
            expect(runs).toEqual(answers);
            // Each prompt is how the whole begins, and what comes next is trained.
            for (const [i, message] of messages.entries()) {
              if (message.role !== "assistant") continue;
              const prompt = await renderPrompt(tokenizer, messages.slice(0, i));
              expect([...ids.slice(0, prompt.length)]).toEqual([...prompt]);
              expect([trained[prompt.length - 1], trained[prompt.length]]).toEqual([0, 1]);
            }
          },
        ),
        { numRuns: 40 },
      );
    });
  }
});

const user: Message = { role: "user", content: "why" };
const answer: Message = { role: "assistant", content: "because" };
const chat = [user, answer, { ...user, content: "so" }, { ...answer, content: "yes" }];
const trainedText = async (template: string, added: { content: string }[], messages: Message[]) => {
  const tokenizer = await nanoWith(template, added);
  const { ids, trained } = await renderChat(tokenizer, messages);
  return tokenizer.decode(ids.filter((_, t) => trained[t] === 1));
};

describe("a template in which answers cannot be told is refused, never guessed at", () => {
  const im = tokens("<|im_start|>", "<|im_end|>");
  const turn = "{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}";
  const prompt = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
  const cases: [what: string, template: string, says: string][] = [
    // The next turn's <s> was taken for the end of the answer.
    [
      "no end token",
      "{% for m in messages %}{% if m.role == 'user' %}{{ bos_token + m.content + ':' }}{% else %}{{ " +
        "m.content }}{% endif %}{% endfor %}",
      "expected a special token at the end of an answer",
    ],
    [
      "an end token after the last answer only",
      "{% for m in messages %}{% if m.role == 'user' %}{{ bos_token + m.content + ':' }}{% else %}{{ " +
        "m.content }}{{ eos_token if loop.last else '' }}{% endif %}{% endfor %}",
      "expected a special token at the end of an answer",
    ],
    // The header of the answer was trained.
    [
      "no generation prompt",
      `{% for m in messages %}${turn}{% endfor %}`,
      "expected the generation prompt to go up to",
    ],
    [
      "another prompt once the conversation went on",
      `{% for m in messages %}{% if loop.last and m.role == 'user' %}{{ 'LAST ' }}{% endif %}${turn}{% ` +
        `endfor %}${prompt}`,
      "expected the prompt of message 1 to be how the whole conversation begins",
    ],
    [
      "content left out",
      `{% for m in messages %}{% if m.content != 'so' %}${turn}{% endif %}{% endfor %}${prompt}`,
      "expected one that writes every message's content",
    ],
    [
      "content twice",
      `{% for m in messages %}${turn}{% endfor %}{{ messages[0].content }}${prompt}`,
      "expected one that writes every message's content",
    ],
    [
      "another order",
      `{% for m in messages | reverse %}${turn}{% endfor %}${prompt}`,
      "expected one that writes every message's content",
    ],
    [
      "content changed",
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content.replace('e', 'E') + " +
        `'<|im_end|>\n' }}{% endfor %}${prompt}`,
      "expected one that writes every message's content",
    ],
  ];
  for (const [what, template, says] of cases) {
    it(what, async () => {
      await expect(renderChat(await nanoWith(template, im), chat)).rejects.toMatchObject({
        code: "E_DATA",
        message: expect.stringContaining(says),
      });
    });
  }

  it("a conversation that begins with an answer trains its content, not its header", async () => {
    const good = `{% for m in messages %}${turn}{% endfor %}${prompt}`;
    expect(await trainedText(good, im, [answer])).toBe("because<|im_end|>");
    const counting = `{{ messages[0].role.upper() }}{% for m in messages %}${turn}{% endfor %}${prompt}`;
    expect(await trainedText(counting, im, [answer, user, answer])).toBe(
      "because<|im_end|>because<|im_end|>",
    );
  });

  it("the prompt of an answer that is not trained is how the whole begins, too", async () => {
    const tokenizer = await nanoWith(`{% for m in messages %}${turn}{% endfor %}${prompt}`, im);
    const messages = [user, { ...answer, content: "\n\nno", train: false }, user, answer];
    const { ids } = await renderChat(tokenizer, messages);
    const before = await renderPrompt(tokenizer, messages.slice(0, 1));
    expect([...ids.slice(0, before.length)]).toEqual([...before]);
  });

  it("a special token takes the white space with it that its flags say", async () => {
    const added = im.map((token) => ({ ...token, rstrip: true }));
    const good = `{% for m in messages %}${turn}{% endfor %}${prompt}`;
    const tokenizer = await nanoWith(good, added);
    const { ids } = await renderChat(tokenizer, [user, answer]);
    expect(await tokenizer.decode(ids)).toBe(
      "<|im_start|>user\nwhy<|im_end|><|im_start|>assistant\nbecause<|im_end|>",
    );
  });
});

describe("where the template comes from", () => {
  const json = { "tokenizer.json": nanoJson() };
  const config = (chat_template: unknown) => ({ bos_token: "<s>", eos_token: "</s>", chat_template });
  const simple = "{% for m in messages %}{{ m.content + eos_token }}{% endfor %}";
  const textOf = async (files: Record<string, unknown>) => {
    const tokenizer = await loadTokenizer(folderOf({ ...json, ...files }));
    return tokenizer.decode((await renderChat(tokenizer, [user, answer])).ids);
  };

  it("a file of its own goes before the config, whose list has a default", async () => {
    const named = [
      { name: "tool_use", template: "no" },
      { name: "default", template: simple },
    ];
    expect(await textOf({ "tokenizer_config.json": config(simple) })).toBe("why</s>because</s>");
    expect(await textOf({ "tokenizer_config.json": config(named) })).toBe("why</s>because</s>");
    const own = { "chat_template.jinja": `!${simple}`, "tokenizer_config.json": config(simple) };
    expect(await textOf(own)).toBe("!why</s>because</s>");
  });

  it("none, or one that does not parse, is a CheckpointError that says what to do", async () => {
    await expect(textOf({ "tokenizer_config.json": config(undefined) })).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining("Put chat_template.jinja beside tokenizer.json"),
    });
    await expect(textOf({ "chat_template.jinja": "{% for m in %}" })).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message: expect.stringContaining("expected a chat template that parses"),
    });
  });
});

it("of many conversations, one that cannot be rendered leaves the others as they are", async () => {
  const tokenizer = await loadTokenizer(nanoDir);
  const [first, second, third] = await tryRenderChats(tokenizer, [[user, answer], [answer], chat]);
  expect(first).toEqual(await renderChat(tokenizer, [user, answer]));
  expect(second).toBeInstanceOf(DataError);
  expect((second as DataError).message).toContain("expected roles user, assistant, user");
  expect(third).toEqual(await renderChat(tokenizer, chat));
});
