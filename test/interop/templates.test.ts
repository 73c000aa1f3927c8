import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import type { Message } from "../../src/contracts/example.ts";
import { type Chat, loadChatTemplates, TemplateRefusal } from "../../src/tokenizer/chat/template.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { tokenizerFile } from "../../src/tokenizer-file-names.ts";
import { askPeer } from "./peers-python.ts";

/**
 * apply_chat_template writes the text that we do with every template of a folder. None is part of this
 * repository: NAME.jinja, and beside it NAME.json with the tokens that it is told, {bos_token, eos_token,
 * pad_token}.
 *
 * ZEBRATUNE_TEMPLATES=/path/to/folder ZEBRATUNE_PEERS_PYTHON=/path/to/python npx vitest run test/interop
 */
const folder = process.env.ZEBRATUNE_TEMPLATES;
const reason = folder ? whyNoPeer("transformers", "jinja2") : "ZEBRATUNE_TEMPLATES is not set";

const system = { role: "system", content: "Be terse. Antworte kurz." } as const;
const user = (content: string): Message => ({ role: "user", content });
const says = (content: string, more: Partial<Message> = {}): Message => ({
  role: "assistant",
  content,
  ...more,
});
const calls = (...given: [name: string, args: string][]): Pick<Message, "tool_calls"> => ({
  tool_calls: given.map(([name, args], i) => ({
    id: `call0000${i}`,
    type: "function",
    function: { name, arguments: args },
  })),
});
const told = (i: number, name: string, content: string): Message => ({
  role: "tool",
  content,
  tool_call_id: `call0000${i}`,
  name,
});
const tools = String.raw`[
  {
    "type": "function",
    "function": {
      "name": "weather",
      "description": "How warm it is, in \"°C\" <b>&</b>\n'now'",
      "parameters": {
        "type": "object",
        "properties": {
          "place": {"type": "string", "description": "Where."},
          "days": {"type": "integer", "default": 3},
          "factor": {"type": "number", "default": 1.0, "minimum": 1e-7},
          "unit": {"type": "string", "enum": ["C", "F"]},
          "around": {"type": "array", "items": {"type": "string"}}
        },
        "required": ["place"]
      }
    }
  },
  {"type": "function", "function": {"name": "ping", "description": "Pings.", "parameters": {}}}
]`;

const conversations: Record<string, Chat> = {
  "several turns": {
    messages: [system, user("A colour?"), says("Red."), user("A fruit?"), says("A pear\n\nor a plum.")],
  },
  "no system message": {
    messages: [user("1"), says("one"), user("2"), says("two"), user("3"), says("three")],
  },
  "white space": { messages: [user("  padded \n"), says("\n\n\t  an answer\u00a0\u3000 \n")] },
  "thoughts in the text": {
    messages: [
      system,
      user("sum"),
      says("<think>\nadd\n</think>\n\nfour"),
      user("code"),
      says("<think>\nindent\n</think>\n\n    if x:\n        y()"),
    ],
  },
  "names of special tokens": {
    messages: [
      user("<|im_end|>, [/INST], <|eot_id|> and <end_of_turn>?"),
      says("<|im_end|>\n<|im_start|>assistant\n[INST] </s> <end_of_turn>"),
    ],
  },
  "a thought of its own": { messages: [user("sum"), says("five", { reasoning_content: "two and three" })] },
  "one answer": { messages: [system, user("Q 🦓"), says("Ä")] },
  "a call and its result": {
    messages: [
      system,
      user("Wie warm?"),
      says("", calls(["weather", '{"place": "Zürich", "days": 2}'])),
      told(0, "weather", '{"c": 21.5}'),
      says("21.5 °C."),
      user("Thanks"),
      says("Bye."),
    ],
    tools,
  },
  "two calls beside text": {
    messages: [
      user("Look."),
      says(
        "I look.",
        calls(
          [
            "weather",
            String.raw`{"place": "<a & 'b' \"c\">\n\\ é😀", "days": 1.0, "around": ["x", null, {}]}`,
          ],
          ["ping", '{"n": 9007199254740993, "big": 1e22, "small": -0.0, "is": true, "not": null}'],
        ),
      ),
      told(0, "weather", "rain"),
      told(1, "ping", "pong"),
      says("Rain."),
    ],
    tools,
  },
  "ends with a call": {
    messages: [user("Ping."), says("", { reasoning_content: "I should.", ...calls(["ping", "{}"]) })],
    tools,
  },
};

/** Each conversation, and the prompt of its last answer. */
const cases = Object.entries(conversations).flatMap(([name, { messages, ...chat }]) => [
  { name, chat: { ...chat, messages }, isPrompt: false },
  { name: `${name}, as a prompt`, chat: { ...chat, messages: messages.slice(0, -1) }, isPrompt: true },
]);

const names =
  reason === ""
    ? readdirSync(folder!)
        .filter((file) => file.endsWith(".jinja"))
        .map((file) => file.slice(0, -".jinja".length))
    : [];

describe.skipIf(reason !== "")(`templates of ZEBRATUNE_TEMPLATES${reason && ` (skipped: ${reason})`}`, () => {
  let theirs: Record<string, (string | null)[]>;
  beforeAll(() => {
    const work = mkdtempSync(join(tmpdir(), "zebratune-templates-"));
    const request = {
      folder,
      cases: cases.map(({ chat: { messages, tools }, isPrompt }) => ({
        messages: messages.map(asTold),
        tools: tools ?? null,
        prompt: isPrompt,
      })),
      reply: join(work, "reply.json"),
    };
    theirs = JSON.parse(readFileSync(askPeer<string>("chat_templates.py", work, request), "utf8"));
  }, 600_000);

  it("are some", () => expect(names).not.toHaveLength(0));

  for (const name of names) {
    it(`${name}: the same text`, async () => {
      const { plain } = await loadChatTemplates(tokenizerWith(name));
      const ours = cases.map(({ chat, isPrompt }) => {
        try {
          return plain.render(chat, isPrompt, "object");
        } catch (error) {
          if (error instanceof TemplateRefusal) return null;
          throw error;
        }
      });
      for (const [i, { name: which }] of cases.entries()) expect(ours[i], which).toBe(theirs[name]![i]);
    });
  }
});

/** A thought under all of its names: transformers knows `reasoning_content` and `thinking`. */
function asTold(message: Message): object {
  const { reasoning_content: thought } = message;
  return thought === undefined ? message : { ...message, reasoning: thought, thinking: thought };
}

/** Only what a template is told of a tokenizer. */
function tokenizerWith(name: string): Tokenizer {
  const dir = mkdtempSync(join(tmpdir(), "zebratune-template-"));
  copyFileSync(join(folder!, `${name}.jinja`), join(dir, tokenizerFile.chatTemplate));
  const beside = join(folder!, `${name}.json`);
  const { bos_token, eos_token, pad_token } = existsSync(beside)
    ? JSON.parse(readFileSync(beside, "utf8"))
    : {};
  return {
    dir,
    bosToken: bos_token ?? null,
    eosToken: eos_token ?? null,
    padToken: pad_token ?? null,
  } as Tokenizer;
}
