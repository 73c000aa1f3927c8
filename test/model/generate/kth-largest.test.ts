import fc from "fast-check";
import { expect, it } from "vitest";
import { kthLargest } from "../../../src/model/generate/kth-largest.ts";

it("is what stands k-th when all are sorted, whatever repeats, and leaves them as they are", () => {
  // Few values, so that many are equal, as underflowed probabilities are.
  const value = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (list, draw) => {
      const values = Float64Array.from(list);
      const k = 1 + (draw % values.length);
      // + 0: -0 and 0 are the same number.
      expect(kthLargest(values, k) + 0).toBe(values.toSorted()[values.length - k]! + 0);
      expect([...values]).toEqual(list);
    }),
  );
});
