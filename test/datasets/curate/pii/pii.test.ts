import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Example } from "../../../../src/contracts/example.ts";
import { scrubPii, scrubText } from "../../../../src/datasets/curate/pii/pii.ts";
import { exampleProblem } from "../../../../src/datasets/folder/validate-example.ts";
import { exampleOf } from "../examples.ts";

const all = ["mail", "phone", "key", "ip"] as const;

test.each([
  ["Write to ann.lee+x@mail.example.co.uk, or not.", "Write to <EMAIL_ADDRESS>, or not."],
  ["call (212) 555-0182 or 212-555-0182 now", "call <PHONE_NUMBER> or <PHONE_NUMBER> now"],
  ["call +44 20 7946 0958.", "call <PHONE_NUMBER>."],
  ["from 8.8.8.8 and 2001:4860:4860::8888", "from <IP_ADDRESS> and <IP_ADDRESS>"],
  [`key AKIA${"A1".repeat(8)}, token ghp_${"a1B2".repeat(9)}`, "key <KEY>, token <KEY>"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----!", "<KEY>!"],
])("%s", (text, scrubbed) => expect(scrubText(text, all)).toBe(scrubbed));

test.each([
  "In 1941-1945, on 2024-05-06 at 12:30:45, pages 100-120.",
  "ISBN 978-0-306-40615-7; 3.141592653589; 1,234,567,890; 1234567890123",
  "listen on 127.0.0.1, 192.168.1.1, 10.0.0.1, 0.0.0.0, ::1, 300.1.2.3, version 1.2.3.4.5",
  "a @ b, user@host, @handle, a::b::c, std::vector, dead:beef",
  "task-based desk-lamp sk-learn hf_token ghp_short",
])("left alone: %s", (text) => expect(scrubText(text, all)).toBe(text));

test("only what is asked for, and a mail address is one thing", () => {
  expect(scrubText("a@b.io at 8.8.8.8", ["ip"])).toBe("a@b.io at <IP_ADDRESS>");
  expect(scrubText("212-555-0182@mail.example", all)).toBe("<EMAIL_ADDRESS>");
});

test("arguments of calls are text, ids are not: answers go on naming their calls", () => {
  const example: Example = {
    ...exampleOf("a", "Who?", "You."),
    messages: [
      { role: "user", content: "Mail them." },
      {
        role: "assistant",
        content: "",
        tool_calls: [
          {
            id: "212-555-0182",
            type: "function",
            function: { name: "mail", arguments: '{"to": "a@b.io"}' },
          },
        ],
      },
      { role: "tool", content: "sent", tool_call_id: "212-555-0182" },
    ],
  };
  const fate = scrubPii(all)(example);
  const found = fate && "example" in fate ? fate.example.messages : [];
  expect(found[1]?.tool_calls?.[0]).toEqual({
    id: "212-555-0182",
    type: "function",
    function: { name: "mail", arguments: '{"to": "<EMAIL_ADDRESS>"}' },
  });
  expect(found[2]?.tool_call_id).toBe("212-555-0182");
});

describe("context spans and meta", () => {
  it("move with the text; a span that ends inside a replaced text loses it", () => {
    const content = "Mail a@b.io now. Text x@y.io end. Who?";
    const example: Example = {
      ...exampleOf("a", content, "It is x@y.io."),
      context: [
        { message: 0, start: 0, end: 8 },
        { message: 0, start: 8, end: 33 },
      ],
      meta: { answers: ["x@y.io"], evidence: [{ message: 0, start: 22, end: 28 }], n: 3 },
    };
    const verdict = scrubPii(all)(example);
    if (verdict === null || "dropped" in verdict) throw new Error("expected a changed example");
    const { messages, context, meta } = verdict.example;
    expect(messages[0]!.content).toBe("Mail <EMAIL_ADDRESS> now. Text <EMAIL_ADDRESS> end. Who?");
    const cut = (span: { start: number; end: number }) => messages[0]!.content.slice(span.start, span.end);
    expect(context!.map(cut)).toEqual(["Mail ", " now. Text <EMAIL_ADDRESS> end."]);
    expect((meta.evidence as { start: number; end: number }[]).map(cut)).toEqual(["<EMAIL_ADDRESS>"]);
    expect(meta.answers).toEqual(["<EMAIL_ADDRESS>"]);
    expect(verdict.changed).toEqual({ reason: "pii", detail: "3 mail replaced" });
  });

  it("an answer that meta has again counts once; what meta alone has is told", () => {
    const meta = { answers: ["Mail a@b.io."], choices: ["a@b.io", "8.8.8.8"] };
    const verdict = scrubPii(all)({ ...exampleOf("a", "Where?", "Mail a@b.io."), meta });
    expect(verdict).toMatchObject({
      example: { meta: { choices: ["<EMAIL_ADDRESS>", "<IP_ADDRESS>"] } },
      changed: { reason: "pii", detail: "1 mail, 1 ip in meta replaced" },
    });
  });

  it("nothing found: no change", () => expect(scrubPii(all)(exampleOf("a", "b", "c"))).toBeNull());

  const piece = fc.constantFrom("a@b.io", " ", "word", "8.8.8.8", "\n", "é", "😀", "212-555-0182", "x");
  it("stay a valid example whose spans hold what they held, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.array(fc.nat(100)), (pieces, cuts) => {
        const content = `Q ${pieces.join("")}`;
        const ends = [...new Set(cuts.map((cut) => cut % content.length))].sort((a, b) => a - b);
        const context = ends.slice(1).map((end, i) => ({ message: 0, start: ends[i]!, end }));
        const given: Example = {
          ...exampleOf("d/a", content, "A"),
          ...(context.length > 0 ? { context } : {}),
        };
        fc.pre(exampleProblem(given) === null);
        const verdict = scrubPii(all)(given);
        if (verdict === null || "dropped" in verdict) return;
        const { messages, context: spans = [] } = verdict.example;
        expect(exampleProblem(verdict.example)).toBeNull();
        expect(messages[0]!.content).toBe(scrubText(content, all));
        // Outside of replaced text every span begins and ends at the same text as before.
        for (const span of spans) {
          const text = messages[0]!.content.slice(span.start, span.end);
          expect(scrubText(content, all)).toContain(text);
          expect(text).not.toMatch(/^[A-Z_]+>|<[A-Z_]+$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("takes time that grows with the text alone", () => {
    const long = [
      `${"a".repeat(2e6)}`,
      `${"a.".repeat(1e6)}`,
      "1-".repeat(1e6),
      ":".repeat(2e6),
      "@a.".repeat(7e5),
    ];
    for (const text of long) expect(scrubText(text, all).length).toBeGreaterThan(0);
  }, 5000);
});
