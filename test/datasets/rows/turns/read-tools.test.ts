import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/datasets/files/json-rows.ts";
import { exampleProblem } from "../../../../src/datasets/folder/validate-example.ts";
import type { Dropped } from "../../../../src/datasets/rows/conversation.ts";
import type { RowFormat } from "../../../../src/datasets/rows/format.ts";
import { messages } from "../../../../src/datasets/rows/formats/messages.ts";
import { sharegpt } from "../../../../src/datasets/rows/formats/sharegpt.ts";
import { mappedRows } from "../../../../src/datasets/rows/mapping/mapped-rows.ts";
import { type CheckedTurns, checkTurns } from "../../../../src/datasets/rows/turns/check-turns.ts";

const user = (content: string) => ({ role: "user", content });
const called = (name: string, given: string, id?: string) => ({
  ...(id === undefined ? {} : { id }),
  type: "function",
  function: { name, arguments: given },
});
const weather = { type: "function", function: { name: "weather", parameters: { type: "object" } } };

/** As the data stage reads a row: its format, then the checks that all formats have in common. */
function read(format: RowFormat, row: JsonObject): CheckedTurns | Dropped {
  const turns = format.convert(row);
  return "dropped" in turns ? turns : checkTurns(turns);
}

describe("what calls tools is read, in the forms that people have", () => {
  const asked = (turn: object) => ({ messages: [user("How warm?"), { role: "assistant", ...turn }] });
  const cases: [what: string, turn: object, message: object][] = [
    [
      "OpenAI's, whose arguments are text and whose content is null",
      { content: null, tool_calls: [called("f", '{"a": 1.0}', "c1")] },
      { content: "", tool_calls: [called("f", '{"a": 1.0}', "c1")] },
    ],
    [
      "TRL's, whose arguments are an object and which has no content",
      { tool_calls: [{ type: "function", function: { name: "f", arguments: { a: [1, null] } } }] },
      { content: "", tool_calls: [called("f", '{"a":[1,null]}')] },
    ],
    // It was kept without its call once, and dropped after that.
    [
      "text beside several calls",
      { content: "I look.", tool_calls: [called("f", "{}"), called("g", "{}")] },
      { content: "I look.", tool_calls: [called("f", "{}"), called("g", "{}")] },
    ],
    [
      "a call of its own, without arguments",
      { tool_calls: [{ name: "f" }] },
      { content: "", tool_calls: [called("f", "{}")] },
    ],
    [
      "a list that is JSON text, as CSV has it",
      { content: "", tool_calls: JSON.stringify([called("f", "{}")]) },
      { content: "", tool_calls: [called("f", "{}")] },
    ],
    [
      "function_call of before",
      { content: null, function_call: { name: "f", arguments: "{}" } },
      { content: "", tool_calls: [called("f", "{}")] },
    ],
    ["none", { content: "Five.", tool_calls: [], function_call: null }, { content: "Five." }],
    ["none, as Parquet says it", { content: "Five.", tool_calls: null }, { content: "Five." }],
  ];
  it.each(cases)("%s", (_, turn, message) => {
    expect(read(messages, asked(turn))).toEqual({
      messages: [user("How warm?"), { role: "assistant", ...message }],
    });
  });

  it("a conversation with results and tools", () => {
    const row = {
      messages: [
        user("How warm?"),
        { role: "assistant", content: null, tool_calls: [called("weather", "{}", "c1")] },
        { role: "tool", name: "weather", tool_call_id: "c1", content: "21" },
        { role: "assistant", content: "21 degrees.", name: null, tool_call_id: "" },
      ],
      tools: [weather, { name: "other", description: "A function alone." }],
    };
    const result = {
      messages: [
        user("How warm?"),
        { role: "assistant", content: "", tool_calls: [called("weather", "{}", "c1")] },
        { role: "tool", content: "21", tool_call_id: "c1", name: "weather" },
        { role: "assistant", content: "21 degrees." },
      ],
      tools: JSON.stringify([
        weather,
        { type: "function", function: { name: "other", description: "A function alone." } },
      ]),
    };
    expect(read(messages, row)).toEqual(result);
    expect(read(messages, { ...row, tools: JSON.stringify(row.tools) })).toEqual(result);
    const mapped = mappedRows({ messages: "talk", tools: "about.tools" });
    const elsewhere = { talk: row.messages, about: { tools: row.tools } };
    expect(read(mapped, elsewhere)).toEqual({ ...result, about: {} });
    expect(read(mappedRows({ messages: "talk" }), { ...elsewhere, tools: 5 })).not.toHaveProperty("tools");
  });

  it("LLaMA-Factory's: function_call and observation turns, tools as JSON text", () => {
    const row = {
      conversations: [
        { from: "human", value: "How warm?" },
        {
          from: "function_call",
          value: '[{"name": "weather", "arguments": {"city": "Paris"}}, {"name": "g", "arguments": {}}]',
        },
        { from: "observation", value: "21" },
        { from: "tool", value: "g" },
        { from: "gpt", value: "21 degrees." },
      ],
      tools: JSON.stringify([weather.function]),
    };
    expect(read(sharegpt, row)).toEqual({
      messages: [
        user("How warm?"),
        {
          role: "assistant",
          content: "",
          tool_calls: [called("weather", '{"city":"Paris"}'), called("g", "{}")],
        },
        { role: "tool", content: "21" },
        { role: "tool", content: "g" },
        { role: "assistant", content: "21 degrees." },
      ],
      tools: JSON.stringify([weather]),
    });
    // A name that the recipe gives a role is that role's, and its text is text.
    const roles = { assistant: ["function_call"] };
    const mapped = mappedRows({ messages: "conversations", role: "from", content: "value", roles });
    expect(read(mapped, row)).toMatchObject({
      messages: [{}, { content: row.conversations[1]!.value }, {}, {}, {}],
    });
  });

  it("characters that no text can have, in calls and tools", () => {
    const row = {
      messages: [
        user("Hi"),
        { role: "assistant", content: null, tool_calls: [called("f", '{"a": "x\\ud83d"}')] },
      ],
      tools: [{ ...weather, function: { ...weather.function, description: "a\0b" } }],
    };
    expect(read(messages, row)).toMatchObject({
      messages: [{}, { tool_calls: [called("f", '{"a": "x\ufffd"}')] }],
      tools: expect.stringContaining('"description":"a\ufffdb"'),
      changed: { reason: "lone_surrogate", detail: expect.stringContaining("NUL became") },
    });
  });
});

describe("what cannot be read costs its row, and says why", () => {
  const turn = (tool_calls: unknown) => ({
    messages: [user("a?"), { role: "assistant", content: null, tool_calls }],
  });
  const after = (...more: object[]) => ({
    messages: [
      user("a?"),
      { role: "assistant", content: null, tool_calls: [called("f", "{}", "c1")] },
      ...more,
    ],
  });
  const answer = { role: "assistant", content: "b." };
  const cases: [row: JsonObject, reason: string, says: string][] = [
    [
      turn([called("f", "{a: 1}")]),
      "tool_calls",
      'turn 2: tool_calls: f: arguments: expected JSON, got "{a: 1}"',
    ],
    [turn([called("f", "")]), "tool_calls", "f: arguments: expected JSON"],
    [
      turn([called("f", "[1]")]),
      "tool_calls",
      "expected arguments to be an object, or JSON of one, got an array",
    ],
    [
      turn([called("f", '"{}"')]),
      "tool_calls",
      "expected arguments to be an object, or JSON of one, got a string",
    ],
    [
      turn([called("f", `{"a": ${"[".repeat(99)}${"]".repeat(99)}}`)]),
      "tool_calls",
      "expected at most 64 levels",
    ],
    [
      turn([{ type: "function", function: { arguments: "{}" } }]),
      "tool_calls",
      "expected a call with a name",
    ],
    [turn([{ type: "custom", name: "f" }]), "tool_calls", 'expected calls of type function, got "custom"'],
    [
      turn([{ ...called("f", "{}"), id: 7 }]),
      "tool_calls",
      "expected the call's id to be text, got a number",
    ],
    [turn(["f()"]), "tool_calls", "expected a call, got a string"],
    [turn("f()"), "tool_calls", "tool_calls: expected JSON"],
    [
      { messages: [{ ...user("a?"), tool_calls: [called("f", "{}")] }, answer] },
      "tool_calls",
      "expected calls of the assistant, got some of user",
    ],
    [
      {
        messages: [user("a?"), { ...answer, tool_calls: [called("f", "{}")], function_call: { name: "f" } }],
      },
      "tool_calls",
      "expected calls under one key, got some under tool_calls and function_call",
    ],
    [
      { messages: [user("a?"), { role: "tool", content: "21" }, answer] },
      "role_order",
      "turn 2 is tool after user",
    ],
    [
      after({ role: "tool", content: "1", tool_call_id: "c2" }, answer),
      "tool_calls",
      'turn 3: expected tool_call_id to be one of ["c1"], got "c2"',
    ],
    [
      after({ role: "tool", content: "1" }, { role: "tool", content: "2" }, answer),
      "tool_calls",
      "turn 4: expected as many tool turns as calls",
    ],
    [
      after({ role: "tool", content: "1", name: 5 }, answer),
      "wrong_type",
      "turn 3: expected text under name",
    ],
    [
      { messages: [user("a?"), answer], tools: { weather } },
      "tools",
      "tools: expected a list of functions, or JSON of one, got an object",
    ],
    [{ messages: [user("a?"), answer], tools: "weather" }, "tools", "tools: expected JSON"],
    [
      { messages: [user("a?"), answer], tools: [weather, { function: {} }] },
      "tools",
      "expected a function with a name as number 2",
    ],
    [
      { messages: [user("a?"), answer], tools: ["weather"] },
      "tools",
      "expected a function with a name as number 1",
    ],
  ];
  it.each(cases)("%j: %s", (row, reason, says) => {
    const made = read(messages, row);
    expect(made).toMatchObject({ dropped: { reason, detail: expect.stringContaining(says) } });
    expect((made as Dropped).dropped.detail.length).toBeLessThanOrEqual(200);
  });
  it("a function_call turn of ShareGPT's that is no JSON", () => {
    const row = (value: string) => ({
      conversations: [
        { from: "human", value: "a?" },
        { from: "function_call", value },
      ],
    });
    for (const value of ["weather(Paris)", "[]", '{"arguments": {}}'])
      expect(read(sharegpt, row(value))).toMatchObject({ dropped: { reason: "tool_calls" } });
  });

  it("whatever stands there: a reason, or an example that fits the schema", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const near = fc.record(
      {
        id: fc.oneof(fc.string(), json),
        type: fc.constantFrom("function", null, 3),
        name: fc.oneof(fc.string(), json),
        function: fc.oneof(
          json,
          fc.record(
            { name: fc.oneof(fc.string(), json), arguments: fc.oneof(fc.json(), json) },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const list = fc.oneof(
      json,
      fc.array(near, { maxLength: 3 }),
      fc.array(near).map((items) => JSON.stringify(items)),
    );
    const seen = { kept: 0, dropped: 0 };
    fc.assert(
      fc.property(
        list,
        fc.oneof(list, fc.constant(null)),
        fc.oneof(json, fc.constant("x")),
        (calls, tools, content) => {
          const row = { messages: [user("a?"), { role: "assistant", content, tool_calls: calls }], tools };
          const made = read(messages, row);
          if ("dropped" in made) {
            seen.dropped++;
            expect(made.dropped.reason).toMatch(/^(tool_calls|tools|wrong_type|empty_answer)$/);
            return;
          }
          seen.kept++;
          const source = { dataset: "d", revision: "r", license: "MIT", row: 0, document: "d" };
          const { messages: turns, tools: defined } = made;
          const example = {
            id: "d/0",
            task: "other",
            split: "train",
            messages: turns,
            ...(defined && { tools: defined }),
            source,
            meta: {},
          };
          expect(exampleProblem(example)).toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.kept, seen.dropped)).toBeGreaterThan(50);
  });
});
