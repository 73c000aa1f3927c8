import fc from "fast-check";
import { expect, it } from "vitest";

import { packagePath } from "../../src/package-root.ts";
import { createTextStream } from "../../src/tokenizer/text-stream.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";

it("pieces add up to the text, and no piece holds half a character", async () => {
  const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (text) => {
      const pieces: string[] = [];
      const stream = createTextStream(tokenizer, (piece) => pieces.push(piece));
      for (const id of await tokenizer.encode(text)) stream.add(id);
      await stream.end();
      expect(pieces.join("")).toBe(text);
      expect(pieces.filter((piece) => piece.includes("\ufffd"))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
