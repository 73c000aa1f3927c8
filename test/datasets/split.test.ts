import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitOf } from "../../src/datasets/split.ts";

test("the split of a document is a matter of its id alone, as the Python script computes it, too", () => {
  const shares = { validation: 0.04, test: 0.06 };
  // int.from_bytes(hashlib.sha256(id.encode()).digest()[:6], "big") / 2**48
  expect(splitOf("world-factbook/fr", shares)).toBe("train");
  expect(splitOf("moby-dick/chapter-001", shares)).toBe("test");
  expect(splitOf("moby-dick/chapter-076", shares)).toBe("validation");
});

test("a larger test share only adds documents to the test split", () => {
  fc.assert(
    fc.property(fc.string(), fc.double({ min: 0, max: 0.5, noNaN: true }), (id, share) => {
      const smaller = splitOf(id, { validation: 0, test: share / 2 });
      const larger = splitOf(id, { validation: 0, test: share });
      expect(smaller === "test" && larger !== "test").toBe(false);
    }),
  );
});

test("the shares come out over many ids", () => {
  const counts = { train: 0, validation: 0, test: 0 };
  for (let i = 0; i < 10_000; i++) counts[splitOf(`document/${i}`, { validation: 0.1, test: 0.2 })]++;
  expect(counts.test / 10_000).toBeCloseTo(0.2, 1);
  expect(counts.validation / 10_000).toBeCloseTo(0.1, 1);
});

test("a share ends right before the document whose place it is: 48 bits of its hash count", () => {
  const document = "moby-dick/12";
  const place = Number.parseInt(hash("sha256", document).slice(0, 12), 16) / 2 ** 48;
  const step = 2 ** -48;
  expect(splitOf(document, { test: place, validation: 0 })).toBe("train");
  expect(splitOf(document, { test: place, validation: step })).toBe("validation");
  expect(splitOf(document, { test: place + step, validation: 0 })).toBe("test");
  // Validation begins where test ends.
  expect(splitOf(document, { test: 0, validation: place })).toBe("train");
  expect(splitOf(document, { test: 0, validation: place + step })).toBe("validation");
});
