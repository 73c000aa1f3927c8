import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { readExamples } from "../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import { renderChats } from "../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { folderOf, nanoJson } from "../tokenizer/fixtures.ts";
import { askPeer } from "./peers-python.ts";

/**
 * `datasets` reads what the data stage writes; TRL makes of it the tokens and the loss mask that we train on.
 */
const reason = whyNoPeer("datasets", "trl", "transformers");

const chatml = `{% if tools %}<|im_start|>system
{{ tools | tojson }}<|im_end|>
{% endif %}{% for m in messages %}<|im_start|>{{ m['role'] }}
{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] }}{% if m.tool_calls %}{% for c in m.tool_calls %}
<call>{{ c.function.name }} {% if c.function.arguments is string %}{{ c.function.arguments }}{% else %}{{ c.function.arguments | tojson }}{% endif %}</call>{% endfor %}{% endif %}<|im_end|>{% endgeneration %}{% else %}{{ m['content'] }}<|im_end|>{% endif %}
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

const conversations = [
  [
    ["user", "Who built the harbour?"],
    ["assistant", "The fishermen did."],
  ],
  [
    ["system", "Answer in one line."],
    ["user", "Wie heißt die Stadt? 🦓\n\nIt is in the text:\n1,234 people live there."],
    ["assistant", "Zürich."],
    ["user", "And now?"],
    ["assistant", "Still Zürich.\n\n  It has not moved; \t12345."],
  ],
] as const;

/**
 * Beside rows without calls: Parquet has null there. Arguments are spelt as Python's json does: TRL hands a
 * template the column's text, we the object that it is, and only of such a text both write the same.
 */
const withTools = {
  messages: [
    { role: "user", content: "How warm is it in Zürich?" },
    {
      role: "assistant",
      content: "I look.",
      tool_calls: [
        {
          id: "call00001",
          type: "function",
          function: { name: "weather", arguments: '{"city": "Zürich", "days": 3}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call00001", name: "weather", content: "21" },
    { role: "assistant", content: "It is 21 degrees." },
  ],
  tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
};

interface Read {
  columns: string[];
  messages: string;
  rows: { id: string; split: string; messages: unknown[]; tools: string | null }[];
}

interface Reply {
  folder: Read;
  parquet: Read;
  tokenized: { input_ids: number[]; labels: number[] }[];
}

describe.skipIf(reason !== "")(`datasets and TRL${reason && ` (skipped: ${reason})`}`, () => {
  let dataDir: string;
  let tokenizerDir: string;
  let theirs: Reply;
  beforeAll(async () => {
    const runDir = mkdtempSync(join(tmpdir(), "zebratune-interop-"));
    const lines = conversations.map((turns) =>
      JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) }),
    );
    lines.push(JSON.stringify(withTools));
    writeFileSync(join(runDir, "chats.jsonl"), lines.join("\n"));
    const data = {
      datasets: [{ name: "chats", path: join(runDir, "chats.jsonl"), task: "qa" as const }],
      split: { validation: 0, test: 0 },
    };
    await runDataStage({ runDir, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
    dataDir = join(runDir, "data");
    const json = nanoJson();
    for (const [i, content] of ["<|im_start|>", "<|im_end|>"].entries())
      json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, content });
    tokenizerDir = folderOf({
      "tokenizer.json": json,
      "tokenizer_config.json": {
        tokenizer_class: "PreTrainedTokenizerFast",
        bos_token: "<s>",
        eos_token: "<|im_end|>",
        pad_token: "<pad>",
        chat_template: chatml,
      },
    });
    const request = { folder: join(dataDir, "chats"), tokenizer: tokenizerDir, out: join(runDir, "trl") };
    theirs = askPeer<Reply>("./datasets_trl.py", runDir, request);
  });

  it("the folder with its card and the Parquet file alone give the same columns and rows", async () => {
    const examples = await Array.fromAsync(readExamples(dataDir));
    expect(theirs.folder).toEqual(theirs.parquet);
    expect(theirs.folder.columns).toEqual([
      "id",
      "task",
      "split",
      "messages",
      "tools",
      "context",
      "source",
      "meta",
    ]);
    expect(theirs.folder.messages).toBe(
      "List({'role': Value('string'), 'content': Value('string'), 'train': Value('bool'), " +
        "'reasoning_content': Value('string'), 'tool_calls': List({'id': Value('string'), 'type': Value('string'), " +
        "'function': {'name': Value('string'), 'arguments': Value('string')}}), " +
        "'tool_call_id': Value('string'), 'name': Value('string')})",
    );
    expect(theirs.folder.rows.map(({ id, messages }) => ({ id, messages }))).toEqual(
      examples.map(({ id, messages }) => ({
        id,
        messages: messages.map((message) => ({
          train: null,
          reasoning_content: null,
          tool_calls: null,
          tool_call_id: null,
          name: null,
          ...message,
        })),
      })),
    );
    expect(theirs.folder.rows.map(({ tools }) => tools && JSON.parse(tools))).toEqual([
      null,
      null,
      withTools.tools,
    ]);
    const told = examples.map(({ messages }) => messages.map((m) => [m.role, m.content]));
    expect(told).toEqual([...conversations, withTools.messages.map((m) => [m.role, m.content])]);
  });

  it("SFTTrainer's tokens, and its labels for assistant_only_loss, are ours, calls and tools too", async () => {
    const examples = await Array.fromAsync(readExamples(dataDir));
    const ours = await renderChats(
      await loadTokenizer(tokenizerDir),
      examples.map(({ messages, tools }) => ({ messages, ...(tools && { tools }) })),
    );
    expect(theirs.tokenized.map(({ input_ids }) => input_ids)).toEqual(ours.map(({ ids }) => [...ids]));
    expect(theirs.tokenized.map(({ labels }) => labels)).toEqual(
      ours.map(({ ids, trained }) => [...ids].map((id, t) => (trained[t] ? id : -100))),
    );
  });
});
