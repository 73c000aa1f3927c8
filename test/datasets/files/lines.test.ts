import fc from "fast-check";
import { expect, test } from "vitest";
import { splitLines } from "../../../src/datasets/files/lines.ts";

async function linesOf(chunks: Uint8Array[], maxLineBytes = 1_000) {
  const lines: { line: number; text: string | null; endByte: number }[] = [];
  for await (const { line, bytes, endByte } of splitLines(chunks, maxLineBytes)) {
    lines.push({ line, text: bytes && Buffer.from(bytes).toString("latin1"), endByte });
  }
  return lines;
}

function cut(bytes: Buffer, at: number[]): Uint8Array[] {
  const ends = [...new Set(at.map((n) => n % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, i) => bytes.subarray(start, ends[i] ?? bytes.length));
}

test("lines are the same however the bytes are cut into chunks", async () => {
  const part = fc.constantFrom("\n", "\r\n", "\r", "a", "bc", "\xef\xbb\xbf", "");
  await fc.assert(
    fc.asyncProperty(fc.array(part), fc.array(fc.nat()), async (parts, at) => {
      const bytes = Buffer.from(parts.join(""), "latin1");
      const body = bytes.toString("latin1").replace(/^\xef\xbb\xbf/, "");
      const expected = body.split("\n").map((line) => line.replace(/\r$/, ""));
      const got = await linesOf(cut(bytes, at));
      // What follows the last end mark is a line only when there is something.
      if (!/[^\n]$/.test(bytes.toString("latin1"))) expected.pop();
      expect(got.map(({ text }) => text)).toEqual(expected);
      expect(got.map(({ line }) => line)).toEqual(expected.map((_, i) => i + 1));
      expect(got.at(-1)?.endByte ?? 0).toBe(bytes.length);
    }),
  );
});

test("a line over the limit is told and skipped; the lines after it are read", async () => {
  const bytes = Buffer.from(`ok\n${"x".repeat(50)}\nfine`);
  const got = await linesOf(cut(bytes, [7, 20, 40]), 10);
  expect(got).toEqual([
    { line: 1, text: "ok", endByte: 3 },
    { line: 2, text: null, endByte: 54 },
    { line: 3, text: "fine", endByte: 58 },
  ]);
});
