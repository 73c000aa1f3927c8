import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printWhy } from "../../src/cli/inspect/why.ts";
import { createStyle } from "../../src/cli/output/style.ts";
import type { Example, LedgerRow } from "../../src/contracts/example.ts";
import type { CurateSpec, DatasetSpec } from "../../src/contracts/recipe.ts";
import { readExamples } from "../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import { assemblePack } from "../../src/mixing/packs/assemble.ts";
import { checkMasks } from "../../src/mixing/packs/mask-gate.ts";
import { openPacks } from "../../src/mixing/packs/pack-store.ts";
import { renderExamples } from "../../src/mixing/sequences/render.ts";
import { sequencesOf } from "../../src/mixing/sequences/sequences.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../src/tables/duckdb.ts";
import { loadTokenizer, type Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { mistral03Tools, qwen25Tools } from "../tokenizer/chat/stock-tool-templates.ts";
import { markedText, nanoDir, nanoWith } from "../tokenizer/fixtures.ts";
import { mixSpec as shortSpec } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-tools-"));
const stop = { stopped: false };
const mixSpec = { ...shortSpec, max_seq_tokens: 400 };
const names = (...contents: string[]) => contents.map((content) => ({ content }));
let qwen: Tokenizer;
beforeAll(async () => {
  qwen = await nanoWith(qwen25Tools, names("<|im_start|>", "<|im_end|>"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};
const search = {
  type: "function",
  function: { name: "search", parameters: { type: "object", properties: { words: { type: "array" } } } },
};
const rows = Array.from({ length: 6 }, (_, i) => ({
  id: `row ${i}`,
  messages: [
    { role: "user", content: `How warm is it in city ${i}?`, tool_calls: null },
    i % 2 === 0
      ? {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: `call0000${i}`,
              type: "function",
              function: { name: "weather", arguments: { city: `city ${i}` } },
            },
          ],
        }
      : {
          role: "assistant",
          content: "I search.",
          tool_calls: [
            {
              id: `call0000${i}`,
              type: "function",
              function: { name: "search", arguments: { words: ["warm", `${i}`] } },
            },
          ],
        },
    { role: "tool", content: `${20 + i} degrees`, tool_call_id: `call0000${i}`, tool_calls: null },
    { role: "assistant", content: `It is ${20 + i}.`, tool_calls: null },
  ],
  tools: [i % 2 === 0 ? weather : search],
}));

async function data(name: string, datasets: DatasetSpec[], curate?: CurateSpec) {
  const runDir = join(root, name);
  const spec = { datasets, split: { validation: 0, test: 0 }, ...(curate && { curate }) };
  await runDataStage({ runDir, emit: () => {}, stop }, { data: spec, seed: 1 });
  const dataDir = join(runDir, "data");
  return { runDir, dataDir, examples: await Array.fromAsync(readExamples(dataDir)) };
}

async function ledgerOf(path: string): Promise<LedgerRow[]> {
  const found: LedgerRow[] = [];
  for await (const row of streamRows(`SELECT * FROM read_parquet(${sqlLiteral(path)})`))
    found.push(row as unknown as LedgerRow);
  return found;
}

function jsonl(name: string, list: readonly object[]): string {
  const path = join(root, name);
  writeFileSync(path, list.map((row) => JSON.stringify(row)).join("\n"));
  return path;
}

describe("from rows to packs", () => {
  it("examples are as the rows say, on disk and back; Parquet, whose calls have all arguments, gives the same", async () => {
    const path = jsonl("chats.jsonl", rows);
    const parquet = join(root, "chats.parquet");
    using connection = await openDuckDB();
    await connection.run(
      `COPY (SELECT * FROM read_json(${sqlLiteral(path)})) TO ${sqlLiteral(parquet)} (FORMAT parquet)`,
    );
    const [seen] = await Array.fromAsync(
      streamRows(
        `SELECT messages[2].tool_calls[1].function.arguments AS given FROM read_parquet(${sqlLiteral(parquet)})`,
      ),
    );
    expect(seen!.given).toEqual({ city: "city 0", words: null });
    const bare = ({ messages, tools }: Example) => ({ messages, tools });
    const { examples } = await data("jsonl", [{ name: "chats", path }]);
    expect(examples.map(bare)).toEqual(
      rows.map(({ messages: [asked, called, told, answer], tools }) => ({
        messages: [
          { role: "user", content: asked!.content },
          {
            role: "assistant",
            content: called!.content ?? "",
            tool_calls: called!.tool_calls!.map((call) => ({
              ...call,
              function: { name: call.function.name, arguments: JSON.stringify(call.function.arguments) },
            })),
          },
          { role: "tool", content: told!.content, tool_call_id: told!.tool_call_id },
          { role: "assistant", content: answer!.content },
        ],
        tools: JSON.stringify(tools),
      })),
    );
    const same = await data("parquet", [{ name: "chats", path: parquet }]);
    expect(same.examples.map(bare)).toEqual(examples.map(bare));
  });

  it("the mix packs them with their calls under loss, and the ledger has all; the gate has nothing against it", async () => {
    const { runDir, dataDir, examples } = await data("mixed", [
      { name: "chats", path: jsonl("mixed.jsonl", rows) },
    ]);
    await runMixStage(
      { runDir, emit: () => {}, stop },
      { mix: mixSpec, seed: 1, tokenizerDir: qwen.dir, dataDir },
    );
    expect(
      (await ledgerOf(join(runDir, "mix", "ledger.parquet"))).map(({ fate, stage }) => [fate, stage]),
    ).toEqual(rows.map(() => ["kept", "mix"]));
    const trained = new Map<string, string>();
    await using packs = await openPacks(join(runDir, "mix", "train"));
    for (let p = 0; p < packs.count; p++) {
      const pack = await packs.read(p);
      let start = 0;
      for (const [s, length] of [...pack.seq_lengths].entries()) {
        const labels = pack.labels.subarray(start, start + length).filter((label) => label >= 0);
        trained.set(pack.sources[s]!, await qwen.decode(labels));
        start += length;
      }
    }
    expect(trained.get(examples[0]!.id)).toBe(
      '<tool_call>\n{"name": "weather", "arguments": {"city": "city 0"}}\n</tool_call><|im_end|>It is 20.<|im_end|>',
    );
    expect(trained.get(examples[1]!.id)).toBe(
      'I search.\n<tool_call>\n{"name": "search", "arguments": {"words": ["warm", "1"]}}\n</tool_call><|im_end|>It is 21.<|im_end|>',
    );
    expect(trained.size).toBe(rows.length);
  });

  it("a template without calls, or text alone, drops them with that reason", async () => {
    const { runDir, dataDir, examples } = await data("lost", [
      {
        name: "chats",
        path: jsonl(
          "lost.jsonl",
          rows.slice(0, 2).map(({ tools: _, ...row }) => row),
        ),
      },
      {
        name: "tools",
        path: jsonl("lost-tools.jsonl", [
          {
            messages: rows[0]!.messages.filter(({ tool_calls, role }) => !tool_calls && role !== "tool"),
            tools: [weather],
          },
        ]),
      },
      {
        name: "plain",
        path: jsonl("plain.jsonl", [
          {
            messages: [
              { role: "user", content: "a?" },
              { role: "assistant", content: "b." },
            ],
          },
        ]),
      },
    ]);
    await runMixStage(
      { runDir, emit: () => {}, stop },
      { mix: mixSpec, seed: 1, tokenizerDir: nanoDir, dataDir },
    );
    const ledger = await ledgerOf(join(runDir, "mix", "ledger.parquet"));
    expect(ledger.map(({ fate, reason }) => [fate, reason])).toEqual([
      ["dropped", "chat_template"],
      ["dropped", "chat_template"],
      ["dropped", "chat_template"],
      ["kept", ""],
    ]);
    expect(ledger[2]!.detail).toContain("expected one that writes the tools");
    const [called, , , plain] = await renderExamples(await loadTokenizer(nanoDir), examples, {
      ...mixSpec,
      render: "text",
    });
    expect(called).toMatchObject({
      message: expect.stringContaining("got tool calls, which a chat template alone can write"),
    });
    expect(plain).toHaveProperty("ids");
  });

  it("shortening takes from the document alone: calls, their arguments and tools stay whole", async () => {
    const document = "The whale swam on. ".repeat(200);
    const { examples } = await data("long", [
      {
        name: "long",
        path: jsonl("long.jsonl", [
          {
            ...rows[1]!,
            messages: [{ role: "user", content: `${document}\n\nHow warm?` }, ...rows[1]!.messages.slice(1)],
            context: [{ message: 0, start: 0, end: document.length }],
          },
        ]),
      },
    ]);
    const { sequences, ledger } = await sequencesOf(qwen, examples, mixSpec);
    expect(ledger[0]).toMatchObject({ fate: "shortened", reason: "context" });
    expect(sequences[0]!.ids.length).toBeLessThanOrEqual(mixSpec.max_seq_tokens);
    const text = await qwen.decode(sequences[0]!.ids);
    expect(text).toContain("[…]");
    const [short] = (await data("short", [{ name: "short", path: jsonl("short.jsonl", [rows[1]!]) }]))
      .examples;
    const whole = (await markedText(qwen, short!)).replaceAll(/[⟦⟧]/g, "");
    const ends = [
      whole.slice(0, whole.indexOf("How warm")),
      whole.slice(whole.indexOf("<|im_end|>\n<|im_start|>assistant")),
    ];
    expect([text.startsWith(ends[0]!), text.endsWith(ends[1]!)]).toEqual([true, true]);
    // Nothing is cut where the calls alone are too long.
    const calls = [
      {
        id: "a",
        type: "function" as const,
        function: { name: "f", arguments: JSON.stringify({ text: document }) },
      },
    ];
    const { context: _, ...bare } = examples[0]!;
    const far: Example = {
      ...bare,
      messages: [
        { role: "user", content: "a?" },
        { role: "assistant", content: "", tool_calls: calls },
      ],
    };
    expect((await sequencesOf(qwen, [far], mixSpec)).ledger[0]).toMatchObject({
      fate: "dropped",
      reason: "over_length",
    });
    expect((await sequencesOf(qwen, [far], { ...mixSpec, max_seq_tokens: 8 })).ledger[0]).toMatchObject({
      fate: "dropped",
      tokens_before: null,
    });
  });

  it("zebra data why shows calls and tools", async () => {
    const { runDir } = await data("why", [{ name: "chats", path: jsonl("why.jsonl", rows) }]);
    const lines: string[] = [];
    await printWhy("chats/row 0", {
      run: runDir,
      style: createStyle(false),
      writeLine: (line) => lines.push(line),
    });
    expect(lines).toContain("tools: weather");
    expect(lines).toContain('assistant: weather {"city":"city 0"}');
  });
});

describe("the mask gate knows calls", () => {
  const mistral = names(
    "[INST]",
    "[/INST]",
    "[TOOL_CALLS]",
    "[AVAILABLE_TOOLS]",
    "[/AVAILABLE_TOOLS]",
    "[TOOL_RESULTS]",
    "[/TOOL_RESULTS]",
  );
  const packOf = async (tokenizer: Tokenizer) => {
    const { examples } = await data(`gate-${Math.random()}`, [
      { name: "chats", path: jsonl("gate.jsonl", rows.slice(0, 1)) },
    ]);
    const { sequences } = await sequencesOf(tokenizer, examples, mixSpec);
    const pack = assemblePack(sequences, [1]);
    const check = (labels: Int32Array) =>
      checkMasks(
        tokenizer,
        [{ ...pack, labels }],
        () => ({ dataset: "chats", answers: sequences[0]!.answers }),
        mixSpec,
      );
    return { pack, check };
  };
  const without = async (tokenizer: Tokenizer, ids: Int32Array, labels: Int32Array, text: string) => {
    const made = labels.slice();
    for (let t = 0; t < ids.length; t++)
      if (labels[t]! >= 0 && text.includes(await tokenizer.decode([ids[t]!]))) made[t] = -100;
    return made;
  };

  it("what is made passes, special tokens that open calls too", async () => {
    for (const tokenizer of [qwen, await nanoWith(mistral03Tools, mistral)]) {
      const { pack, check } = await packOf(tokenizer);
      await expect(check(pack.labels)).resolves.toBeUndefined();
    }
  });

  it("a call without its name, a result under loss, and a turn too many are refused", async () => {
    const { pack, check } = await packOf(qwen);
    const { input_ids: ids, labels } = pack;
    await expect(check(await without(qwen, ids, labels, "weather"))).rejects.toMatchObject({
      code: "E_GATE",
    });
    // From the call to the answer, with what the tool said between.
    const first = labels.findIndex((label) => label >= 0);
    const end = labels.findLastIndex((label) => label >= 0);
    const through = labels.map((label, t) => (t >= first && t <= end ? ids[t]! : label));
    await expect(check(through)).rejects.toThrow("which is between them");
    const [last] = [...labels.keys()].filter((t) => labels[t]! >= 0).slice(-2);
    const more = labels.map((label, t) => (t < last! && t > last! - 14 ? ids[t]! : label));
    await expect(check(more)).rejects.toMatchObject({ code: "E_GATE" });
  });
});

describe("curation sees calls", () => {
  it("conversations that call differently are no copies; those that call alike are", async () => {
    const chat = (city: string) => ({
      messages: [
        { role: "user", content: "Do it." },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ function: { name: "weather", arguments: { city } } }],
        },
      ],
    });
    const path = jsonl("copies.jsonl", ["Paris", "Rome", "paris"].map(chat));
    const { dataDir } = await data("copies", [{ name: "d", path }], {
      pii: [],
      filters: [],
      exact_duplicates: true,
    });
    expect((await ledgerOf(join(dataDir, "ledger.parquet"))).map(({ reason }) => reason)).toEqual([
      "",
      "",
      "exact_duplicate",
    ]);
  });

  it("personal data in arguments and tools get placeholders", async () => {
    const path = jsonl("pii.jsonl", [
      {
        messages: [
          { role: "user", content: "Write to her." },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ function: { name: "mail", arguments: { to: ["ann@corp.org"], n: 1 } } }],
          },
        ],
        tools: [{ name: "mail", description: "Sent as bob@corp.org." }],
      },
    ]);
    const { examples, dataDir } = await data("pii", [{ name: "d", path }], {
      pii: ["mail"],
      filters: [],
      exact_duplicates: false,
    });
    expect(JSON.stringify(examples[0])).not.toContain("corp.org");
    expect(JSON.parse(examples[0]!.messages[1]!.tool_calls![0]!.function.arguments)).toEqual({
      to: [expect.stringMatching(/^[<[]/)],
      n: 1,
    });
    expect((await ledgerOf(join(dataDir, "ledger.parquet")))[0]).toMatchObject({
      fate: "changed",
      reason: "pii",
      detail: "2 mail replaced",
    });
  });
});
