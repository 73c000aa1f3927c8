import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import type { Tool } from "../../src/contracts/example.ts";
import type { JsonObject } from "../../src/datasets/files/json-rows.ts";
import { messages as messagesFormat } from "../../src/datasets/rows/formats/messages.ts";
import type { Conversed } from "../../src/tokenizer/chat/chat.ts";
import { renderChat, renderPrompt } from "../../src/tokenizer/chat/chat.ts";
import { loadTokenizer, type Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import {
  deepseekTools,
  hermesPlain,
  hermesTools,
  llama31Tools,
  mistral03Tools,
  qwen3Tools,
  qwen25Tools,
} from "../tokenizer/chat/stock-tool-templates.ts";
import { folderOf, nanoJson } from "../tokenizer/fixtures.ts";
import { askPeer } from "./peers-python.ts";

/**
 * apply_chat_template writes the text that we do, of the same rows and templates, and marks the same tokens.
 */
const reason = whyNoPeer("transformers", "jinja2");

const marked = `{%- for t in tools or [] %}{{ t | tojson }}{% endfor %}
{%- for m in messages %}
    {{- '<|im_start|>' + m.role + '\\n' }}
    {%- if m.role == 'assistant' %}
        {%- generation %}
            {{- m.content or '' }}
            {%- for c in m.tool_calls or [] %}
                {{- '<tool_call>' + c.function.name + '\\n' }}
                {{- c.function.arguments | tojson }}
                {{- '</tool_call>' }}
            {%- endfor %}
            {{- '<|im_end|>' }}
        {%- endgeneration %}
    {%- else %}
        {{- m.content + '<|im_end|>' }}
    {%- endif %}
    {{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
`;
const templates = {
  "Llama 3.1": llama31Tools,
  "Qwen 2.5": qwen25Tools,
  "Qwen 3": qwen3Tools,
  "Mistral 0.3": mistral03Tools,
  Hermes: [
    { name: "default", template: hermesPlain },
    { name: "tool_use", template: hermesTools },
  ],
  DeepSeek: deepseekTools,
  "with {% generation %}": marked,
};

const weather = {
  type: "function",
  function: {
    name: "weather",
    description: 'How warm it is, in "°C" – or not\n(see <city>)',
    parameters: {
      type: "object",
      properties: {
        city: { type: "string", enum: ["Zürich", "東京"] },
        days: { type: "integer", default: null },
      },
      required: [],
    },
  },
};
const search = { type: "function", function: { name: "search", parameters: {} } };
const given = { city: 'Zürich "am See" 🦓\n\\', days: 3, exact: [true, false, null, 0.5, -2], near: {} };
const call = (i: number, name: string, args: unknown) => ({
  id: `call0000${i}`,
  type: "function",
  function: { name, arguments: args },
});
const told = (i: number, content: string) => ({
  role: "tool",
  content,
  tool_call_id: `call0000${i}`,
  name: "weather",
});
const user = { role: "user", content: "How warm is it?" };
const answer = { role: "assistant", content: "It is 21 °C." };
const says = { role: "assistant", content: "I look." };
/** Which templates take no text beside calls, or one call alone. */
const rows: { row: { messages: object[]; tools?: object[] }; not?: string[] }[] = [
  {
    row: {
      messages: [
        user,
        { role: "assistant", content: null, tool_calls: [call(0, "weather", given)] },
        told(0, '{"c": 21}'),
        answer,
      ],
      tools: [weather, search],
    },
  },
  {
    row: { messages: [{ role: "system", content: "Be brief." }, user, answer], tools: [weather] },
    not: ["Mistral 0.3"],
  },
  {
    row: { messages: [user, { ...says, tool_calls: [call(0, "weather", given)] }], tools: [weather] },
    not: ["Llama 3.1", "Mistral 0.3"],
  },
  {
    row: {
      messages: [
        user,
        { role: "assistant", content: "", tool_calls: [call(0, "weather", given), call(1, "search", {})] },
        told(0, "21"),
        told(1, "22"),
        answer,
      ],
      tools: [weather, search],
    },
    not: ["Llama 3.1"],
  },
  { row: { messages: [user, answer, user, answer] } },
];

interface Case {
  name: string;
  chat: Conversed;
  isPrompt: boolean;
  request: { tokenizer: string; messages: object[]; tools: object[] | null; prompt: boolean; mask: boolean };
}

describe.skipIf(reason !== "")(
  `transformers' chat templates with tools${reason && ` (skipped: ${reason})`}`,
  () => {
    const cases: Case[] = [];
    const loaded = new Map<string, Tokenizer>();
    let theirs: { text: string; ids?: number[]; mask?: number[] }[];
    beforeAll(async () => {
      const tokens = Object.values(templates).flatMap(
        (template) => JSON.stringify(template).match(/<\|\w+\|>|\[\/?[A-Z_]{4,}\]/g) ?? [],
      );
      for (const [name, chat_template] of Object.entries(templates)) {
        const json = nanoJson();
        for (const [i, content] of [...new Set(tokens)].entries())
          json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, content });
        const config = {
          tokenizer_class: "PreTrainedTokenizerFast",
          bos_token: "<s>",
          eos_token: "</s>",
          chat_template,
        };
        const dir = folderOf({ "tokenizer.json": json, "tokenizer_config.json": config });
        loaded.set(name, await loadTokenizer(dir));
        for (const { row, not } of rows) {
          if (not?.includes(name)) continue;
          const read = messagesFormat.convert(row as JsonObject);
          if ("dropped" in read) throw new Error(read.dropped.detail);
          const { messages } = read;
          const tools = read.tools === undefined ? undefined : (JSON.parse(read.tools) as Tool[]);
          for (const isPrompt of [false, true]) {
            const count = isPrompt ? messages.length - 1 : messages.length;
            const request = {
              tokenizer: dir,
              // What theirs takes as it is: text where the template wants text.
              messages: JSON.parse(
                JSON.stringify(row.messages.slice(0, count), (key, value) =>
                  key === "arguments" && name === "DeepSeek" ? JSON.stringify(value) : value,
                ),
              ).map((message: { content: string | null }) => ({
                ...message,
                content: message.content ?? "",
              })),
              tools: name === "DeepSeek" ? null : (row.tools ?? null),
              prompt: isPrompt,
              mask: name === "with {% generation %}" && !isPrompt,
            };
            const chat = {
              messages: messages.slice(0, count),
              ...(tools && name !== "DeepSeek" && { tools }),
            };
            if (name !== "Hermes" || isPrompt || tools) cases.push({ name, chat, isPrompt, request });
          }
        }
      }
      const dir = mkdtempSync(join(tmpdir(), "zebratune-interop-"));
      theirs = askPeer("./transformers_tools.py", dir, { cases: cases.map(({ request }) => request) });
    }, 120_000);

    for (const name of Object.keys(templates)) {
      it(`${name}: the same text`, async () => {
        let seen = 0;
        for (const [i, one] of cases.entries()) {
          if (one.name !== name) continue;
          seen++;
          const tokenizer = loaded.get(name)!;
          const ids = one.isPrompt
            ? await renderPrompt(tokenizer, one.chat)
            : (await renderChat(tokenizer, one.chat)).ids;
          expect(await tokenizer.decode(ids)).toBe(theirs[i]!.text);
        }
        expect(seen).toBeGreaterThanOrEqual(5);
      });
    }

    it("the same tokens, and the same of them are the assistant's, where a template has {% generation %}", async () => {
      let seen = 0;
      for (const [i, { chat }] of cases.entries()) {
        const { ids, mask } = theirs[i]!;
        if (ids === undefined) continue;
        seen++;
        const ours = await renderChat(loaded.get("with {% generation %}")!, chat);
        expect([...ours.ids]).toEqual(ids);
        expect([...ours.trained]).toEqual(mask);
      }
      expect(seen).toBe(rows.length);
    });
  },
);
