import { describe, expect, it } from "vitest";
import type { Example } from "../../../src/contracts/example.ts";
import { findContaminated, type Tested } from "../../../src/eval/controls/contamination.ts";

const words = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `w${from + i}`).join(" ");

let rows = 0;
function row(content: string, answer = "yes"): Example {
  const id = `notes/${rows++}`;
  return {
    ...{ id, task: "qa", split: "train", meta: {} },
    source: { dataset: "notes", revision: "1", license: "CC0-1.0", row: 0, document: id },
    messages: [
      { role: "user", content },
      { role: "assistant", content: answer },
    ],
  };
}

async function* training(...examples: Example[]): AsyncGenerator<Example> {
  yield* examples;
}

const test = (id: string, question: string, document = ""): Tested => ({
  ...{ id, texts: { question, document } },
  ...(document !== "" && { document: `d${document.slice(0, 6)}` }),
});

describe("test questions that training rows have", () => {
  it("are found whole, however short, apart from case and white space", async () => {
    const found = await findContaminated(
      [test("a", "Who wrote it?"), test("b", "Who?")],
      training(row("something else"), row("who  wrote IT?"), row("Who, then?")),
    );
    expect(found).toEqual({
      rows: 3,
      contaminated: [
        { id: "a", kind: "question", share: 1, text: "who  wrote IT?", row: expect.any(String) },
      ],
    });
  });

  it("their documents by half of the words, with the longest passage as the training row writes it", async () => {
    const tests = [
      test("a", "first?", words(0, 40)),
      test("b", "second?", words(0, 40)),
      test("c", "third?", words(100, 40)),
      test("d", "fourth?", words(200, 40)),
    ];
    const found = await findContaminated(
      tests,
      training(
        // 34 of 40 words, in an answer; 15 of 40; 12 words in a row are a coincidence.
        row("x", `before ${words(5, 20).toUpperCase()} between ${words(26, 14)} after`),
        row(words(100, 15)),
        row(`${words(200, 12)} and ${words(214, 12)}`),
      ),
    );
    expect(found.contaminated.map(({ id, kind, share }) => [id, kind, share])).toEqual([
      ["a", "document", 0.85],
      ["b", "document", 0.85],
    ]);
    expect(found.contaminated[0]!.text).toBe(words(5, 20).toUpperCase());
  });

  it("a phrase of many documents is a template", async () => {
    const template = words(0, 20);
    const tests = Array.from({ length: 12 }, (_, i) => test(`${i}`, `${template} about ${i}`));
    expect(
      (await findContaminated(tests, training(row(`${template} about something`)))).contaminated,
    ).toEqual([]);
    const few = await findContaminated(tests.slice(0, 5), training(row(`${template} about something`)));
    expect(few.contaminated).toHaveLength(5);
  });
});
