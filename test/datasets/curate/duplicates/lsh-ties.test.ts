import { describe, expect, it } from "vitest";
import { createLsh } from "../../../../src/datasets/curate/duplicates/lsh.ts";

/** Signatures of two bands of two rows. */
const bands = (...slots: number[]) => Int32Array.from(slots);

/** What is found of [1, 2, 3, 4] among these, with a threshold of a half. */
function found(...kept: Int32Array[]) {
  const index = createLsh(2, 2, 0.5);
  for (const signature of kept) index.add(signature, 1);
  return index.find(bands(1, 2, 3, 4), 1);
}

describe("kept texts that are equally similar", () => {
  it("give the one with the first band in common", () => {
    const [first, second] = [bands(1, 2, 9, 9), bands(9, 9, 3, 4)];
    expect(found(first, second)).toEqual({ index: 0, similarity: 0.5 });
    expect(found(second, first)).toEqual({ index: 1, similarity: 0.5 });
  });

  it("in the same band, the one kept last, whatever is kept besides", () => {
    expect(found(bands(1, 2, 8, 8), bands(1, 2, 9, 9))).toEqual({ index: 1, similarity: 0.5 });
    // Enough to make the index grow twice, which lays its chains anew.
    const others = Array.from({ length: 3000 }, (_, i) => bands(10 + i, 0, 10 + i, 0));
    expect(found(bands(1, 2, 8, 8), ...others, bands(1, 2, 9, 9), ...others)?.index).toBe(3001);
  });

  it("give way to one that is more similar, in whatever band and order", () => {
    const [half, more] = [bands(1, 2, 9, 9), bands(9, 2, 3, 4)];
    expect(found(half, more)).toEqual({ index: 1, similarity: 0.75 });
    expect(found(more, half)).toEqual({ index: 0, similarity: 0.75 });
  });
});

describe("a candidate", () => {
  it("is found at the threshold itself, and not below it", () => {
    const index = createLsh(2, 2, 0.75);
    index.add(bands(1, 2, 9, 9), 1);
    expect(index.find(bands(1, 2, 3, 4), 1)).toBeNull();
    index.add(bands(1, 2, 9, 4), 1);
    expect(index.find(bands(1, 2, 3, 4), 1)).toEqual({ index: 1, similarity: 0.75 });
  });

  it("shares a whole band in its own place", () => {
    expect(found(bands(1, 9, 3, 9))).toBeNull();
    expect(found(bands(3, 4, 1, 2))).toBeNull();
  });

  it("has its likeness from the least of its parts", () => {
    const index = createLsh(2, 2, 0.5);
    index.add(bands(1, 2, 3, 9), 2); // parts of slots 0, 2 and of slots 1, 3
    expect(index.find(bands(1, 2, 3, 4), 2)).toEqual({ index: 0, similarity: 0.5 });
    expect(index.find(bands(1, 2, 3, 4), 1)).toBeNull();
  });
});
