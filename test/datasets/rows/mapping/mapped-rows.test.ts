import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTemplate, renderTemplate } from "../../../../src/datasets/rows/mapping/fields.ts";
import { mappedRows } from "../../../../src/datasets/rows/mapping/mapped-rows.ts";

const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

test("columns and paths in Alpaca's form: the input is what may be shortened", () => {
  const format = mappedRows({
    instruction: "question",
    input: "passage",
    output: "answers.text.0",
    answers: "answers.text",
    id: "meta.id",
    document: "title",
    system: "Topic: {{title}}",
  });
  const row = {
    question: "Who?",
    passage: "Ann came.",
    title: "T",
    answers: { text: ["Ann", "Ann", "she"] },
    meta: { id: 7 },
  };
  expect(format.convert(row)).toEqual({
    messages: [{ role: "system", content: "Topic: T" }, user("Who?\n\nAnn came."), assistant("Ann")],
    context: [{ message: 1, start: 6, end: 15 }],
    inserted: 1,
    about: { id: "7", document: "T", answers: ["Ann", "she"] },
  });
  expect(format.convert({ ...row, passage: null, title: null })).toMatchObject({
    messages: [{ role: "system", content: "Topic: " }, user("Who?"), assistant("Ann")],
  });
});

test("conversations under other keys and role names, also as JSON text", () => {
  const format = mappedRows({
    messages: "chat.turns",
    role: "who",
    content: "says",
    train: "learn",
    roles: { assistant: ["bot"], user: ["visitor"] },
  });
  const turns = [
    { who: "visitor", says: "Hi", learn: null },
    { who: "bot", says: "Yo", learn: 0 },
    { who: "human", says: "Well?" },
    { who: "bot", says: "Fine", learn: true },
  ];
  const made = {
    messages: [
      user("Hi"),
      { ...assistant("Yo"), train: false },
      user("Well?"),
      { ...assistant("Fine"), train: true },
    ],
    about: {},
  };
  expect(format.convert({ chat: { turns } })).toEqual(made);
  expect(format.convert({ chat: { turns: JSON.stringify(turns) } })).toEqual(made);
  expect(format.convert({ chat: { turns: [{ who: "narrator", says: "x" }] } })).toMatchObject({
    dropped: { reason: "unknown_role", detail: 'turn 1: "narrator"' },
  });
});

describe("templates", () => {
  const fields = { prompt: "Read.\n\n{{ text }}\n\nQ: {{q}}", response: "{{a}}", context: "text" };
  const { convert } = mappedRows(fields);

  test("the context is marked where it stands; numbers and lists are spelt out", () => {
    expect(convert({ text: ["one", "two"], q: 3, a: true })).toEqual({
      messages: [user("Read.\n\none\ntwo\n\nQ: 3"), assistant("true")],
      context: [{ message: 0, start: 7, end: 14 }],
      about: {},
    });
  });

  test("a value that looks like a placeholder or a replacement pattern stays text", () => {
    expect(convert({ text: "{{a}} $& {{", q: "{{q}}", a: "A" })).toMatchObject({
      messages: [user("Read.\n\n{{a}} $& {{\n\nQ: {{q}}"), assistant("A")],
    });
  });

  test("any values stand where they belong", () => {
    const property = fc.property(fc.string(), fc.string(), (text, q) => {
      const made = renderTemplate(parseTemplate(fields.prompt), { text, q }, { contextPath: "text" });
      expect(made).toEqual({
        text: `Read.\n\n${text}\n\nQ: ${q}`,
        spans: text.trim() === "" ? [] : [{ start: 7, end: 7 + text.length }],
      });
    });
    fc.assert(property);
  });
});

test.each([
  [{ q: "x" }, "missing_field", "expected text under a.b.0, the row has q"],
  [{ q: "x", a: { b: [] } }, "missing_field", "expected text under a.b.0, a.b is empty"],
  [{ q: "x", a: { c: "y" } }, "missing_field", "expected text under a.b.0, a has c"],
  [{ q: "x", a: null }, "missing_field", "expected text under a.b.0, a is null"],
  [{ q: "x", a: { b: [null] } }, "missing_field", "it is null"],
  [{ q: "x", a: { b: [{}] } }, "wrong_type", "got an object"],
  [{ q: "x", a: "text" }, "missing_field", "expected text under a.b.0, a is a string"],
])("%j is dropped as %s", (row, reason, detail) => {
  const format = mappedRows({ instruction: "q", output: "a.b.0" });
  expect(format.convert(row)).toEqual({ dropped: { reason, detail: expect.stringContaining(detail) } });
});

test("a column whose name has dots wins over a path", () => {
  const format = mappedRows({ instruction: "q.0", output: "a" });
  expect(format.convert({ "q.0": "dotted", q: ["path"], a: "A" })).toMatchObject({
    messages: [user("dotted"), assistant("A")],
  });
});
