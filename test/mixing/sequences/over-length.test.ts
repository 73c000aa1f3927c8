import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContextSpan, Message } from "../../../src/contracts/example.ts";
import {
  ellipsis,
  fitContext,
  shortenContext,
  splitRendered,
} from "../../../src/mixing/sequences/over-length.ts";

interface Shown {
  messages: Message[];
  context: ContextSpan[];
}

/** Messages of fixed text and documents in turns: fixed[0] doc[0] fixed[1] doc[1] … fixed[n]. */
function exampleOf(messages: { fixed: string[]; documents: string[] }[]): Shown {
  const context: ContextSpan[] = [];
  const shown = messages.map(({ fixed, documents }, message): Message => {
    let content = fixed[0]!;
    for (const [i, document] of documents.entries()) {
      context.push({ message, start: content.length, end: content.length + document.length });
      content += document + fixed[i + 1]!;
    }
    return { role: "user", content };
  });
  return { messages: [...shown, { role: "assistant", content: "The answer 🦓." }], context };
}

/** What is not context, with a mark where each span was; and the spans' text. */
function partsOf({ messages, context }: Shown): { fixed: string[]; documents: string[] } {
  const fixed = messages.map(({ content }, i) => {
    const spans = context.filter(({ message }) => message === i).sort((a, b) => b.start - a.start);
    return spans.reduce((text, { start, end }) => `${text.slice(0, start)}§${text.slice(end)}`, content);
  });
  return {
    fixed,
    documents: context.map(({ message, start, end }) => messages[message]!.content.slice(start, end)),
  };
}

const words = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "é", "🦓", "漢"), maxLength: 12 });
const documents = fc.array(fc.string({ unit: fc.constantFrom("x", "y", " ", "🦓", "𝔘"), maxLength: 120 }), {
  minLength: 1,
  maxLength: 3,
});
const examples = fc
  .array(
    documents.chain((texts) =>
      fc.record({
        documents: fc.constant(texts),
        fixed: fc.array(words, { minLength: texts.length + 1, maxLength: texts.length + 1 }),
      }),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map(exampleOf);

const lengthOf = ({ messages }: Pick<Shown, "messages">) =>
  messages.reduce((n, { content }) => n + content.length, 0);
/** What all spans together can lose: all but room for an ellipsis and as much again. */
const roomOf = ({ context }: Shown) =>
  context.reduce((n, { start, end }) => n + Math.max(0, end - start - 2 * ellipsis.length), 0);

/** Each document is as it was, or its beginning, the ellipsis and its end. */
function expectShortened(before: Shown, after: Shown): void {
  const [was, is] = [partsOf(before), partsOf(after)];
  expect(is.fixed).toEqual(was.fixed);
  for (const [i, document] of is.documents.entries()) {
    const whole = was.documents[i]!;
    expect(document.isWellFormed()).toBe(true);
    if (document === whole) continue;
    const at = document.indexOf(ellipsis);
    expect(at).toBeGreaterThanOrEqual(0);
    const [head, tail] = [document.slice(0, at), document.slice(at + ellipsis.length)];
    expect(whole.startsWith(head) && whole.endsWith(tail)).toBe(true);
    // From the middle: both sides keep the same, but for the odd unit and pairs that both cuts moved off.
    expect(Math.abs(head.length - tail.length)).toBeLessThanOrEqual(3);
  }
}

describe("shortening by characters", () => {
  it("any messages and spans: only documents lose, from their middles, what was asked for", () => {
    fc.assert(
      fc.property(examples, fc.double({ min: 0, max: 1, noNaN: true }), (example, part) => {
        const cut = Math.floor(part * roomOf(example));
        const before = structuredClone(example);
        const shorter = shortenContext(example, cut)!;
        expect(example).toEqual(before);
        expectShortened(example, shorter);
        // A cut in the middle of a surrogate pair moves by one unit.
        const lost = lengthOf(example) - lengthOf(shorter);
        expect(Math.abs(lost - cut)).toBeLessThanOrEqual(example.context.length);
      }),
      { numRuns: 300 },
    );
  });

  it("is null for more than the spans hold", () => {
    fc.assert(
      fc.property(examples, (example) => {
        expect(shortenContext(example, roomOf(example) + 1)).toBeNull();
        expect(shortenContext(example, roomOf(example))).not.toBeNull();
      }),
    );
  });

  it("the longest document gives first", () => {
    const example = exampleOf([{ fixed: ["", "|", "?"], documents: ["a".repeat(100), "b".repeat(60)] }]);
    const [long, short] = partsOf(shortenContext(example, 30)!).documents;
    expect([long!.length, short!.length]).toEqual([70, 60]);
    const both = partsOf(shortenContext(example, 80)!).documents;
    expect(both.map((text) => text.length)).toEqual([40, 40]);
  });

  it("to the character, also where documents cannot give evenly", () => {
    const texts = ["a".repeat(60), "b".repeat(60), "c".repeat(60)];
    const example = exampleOf([{ fixed: ["", "|", "|", "?"], documents: texts }]);
    for (const [cut, lengths] of [
      [1, [59, 60, 60]],
      [2, [58, 60, 60]],
      [3, [59, 59, 59]],
      [31, [49, 50, 50]],
    ] as const) {
      const shorter = partsOf(shortenContext(example, cut)!).documents;
      expect(shorter.map((text) => text.length)).toEqual(lengths);
    }
  });
});

describe("fitting a limit in tokens", () => {
  /** Some characters cost more tokens than others. */
  const tokensOf = ({ messages }: Pick<Shown, "messages">) =>
    messages.reduce((n, { content }) => n + [...content].reduce((m, c) => m + (c === "🦓" ? 4 : 1), 0), 0);

  it("never above it; null only when the whole context could not make up for it", async () => {
    let nulls = 0;
    let fits = 0;
    await fc.assert(
      fc.asyncProperty(examples, fc.double({ min: 0, max: 1, noNaN: true }), async (example, part) => {
        const tokens = tokensOf(example);
        const least = tokensOf(shortenContext(example, roomOf(example))!);
        const limit = Math.floor(0.8 * least + part * (tokens - 0.8 * least));
        let last = tokens;
        const measure = async (one: Shown) => {
          last = tokensOf(one);
          return last;
        };
        const fitted = await fitContext(example, tokens, limit, measure);
        if (fitted === null) {
          nulls++;
          expect(least).toBeGreaterThan(limit);
          return;
        }
        fits++;
        expect(tokensOf(fitted)).toBeLessThanOrEqual(limit);
        // What was measured last is what is kept: the caller renders in it.
        expect(last).toBe(tokensOf(fitted));
        expectShortened(example, fitted);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(nulls, fits)).toBeGreaterThan(0);
  });

  it("up to the last character that may go", async () => {
    const example = exampleOf([{ fixed: ["Read: ", " Why?"], documents: ["x".repeat(300)] }]);
    const measure = async (one: Shown) => lengthOf(one);
    const least = lengthOf(example) - roomOf(example);
    for (const limit of [least, least + 1, least + 5]) {
      const fitted = await fitContext(example, lengthOf(example), limit, measure);
      expect(lengthOf(fitted!)).toBeLessThanOrEqual(limit);
    }
    expect(await fitContext(example, lengthOf(example), least - 1, measure)).toBeNull();
  });

  it("leaves what fits as it is, and has nothing to take without context", async () => {
    const example = exampleOf([{ fixed: ["a", "b"], documents: ["document"] }]);
    const measure = async (one: Pick<Shown, "messages">) => lengthOf(one);
    const tokens = lengthOf(example);
    expect(await fitContext(example, tokens, tokens, measure)).toBe(example);
    expect(await fitContext({ messages: example.messages }, tokens, tokens - 1, measure)).toBeNull();
  });
});

it("pieces of a document are consecutive and whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 12 }), (length, max) => {
      const ids = Int32Array.from({ length }, (_, t) => t);
      const pieces = splitRendered({ ids, trained: Uint8Array.from(ids, (t) => t % 2) }, max);
      expect(pieces.flatMap((piece) => [...piece.ids])).toEqual([...ids]);
      expect(pieces.flatMap((piece) => [...piece.trained])).toEqual([...ids].map((t) => t % 2));
      for (const piece of pieces.slice(0, -1)) expect(piece.ids.length).toBe(max);
      expect(pieces.at(-1)!.ids.length).toBeLessThanOrEqual(max);
    }),
  );
});
