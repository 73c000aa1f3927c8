import { describe, expect, it } from "vitest";

/** What the matcher says of numbers that are not close. */
function said(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("expected numbers that are not close, got numbers that are");
}

describe("toBeAllClose", () => {
  it("bounds each number: atol + rtol · |expected|, the bound itself included", () => {
    expect([1, -2]).toBeAllClose([1.5, -2.5], { atol: 0.5 });
    expect([1, -2]).not.toBeAllClose([1.5, -2.51], { atol: 0.5 });
    expect(Float32Array.of(90, -9)).toBeAllClose([100, -10], { rtol: 0.1 });
    expect([100]).not.toBeAllClose([90], { rtol: 0.1 });
    expect([100]).toBeAllClose([90], { rtol: 0.1, atol: 1 });
    expect(1).toBeAllClose(1, {});
    expect(1).not.toBeAllClose(1 + Number.EPSILON, {});
  });

  it("or all together, by their norm", () => {
    expect([3, 4.5]).toBeAllClose([3, 4], { norm: 0.1 });
    expect([3, 4.51]).not.toBeAllClose([3, 4], { norm: 0.1 });
    expect([1, 0]).not.toBeAllClose([0, 0], { norm: 0.1 });
  });

  it("takes NaN for close to nothing, an infinity to itself only", () => {
    const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
    for (const bounds of [{ atol: 1, rtol: 1 }, { atol: infinite, rtol: 1 }, { norm: 1 }]) {
      expect([none]).not.toBeAllClose([none], bounds);
      expect([none]).not.toBeAllClose([1], bounds);
      expect([1]).not.toBeAllClose([none], bounds);
      expect([1]).not.toBeAllClose([infinite], bounds);
      expect([-infinite]).not.toBeAllClose([infinite], bounds);
    }
    expect([infinite]).not.toBeAllClose([1], { atol: 1 });
    expect([infinite, 1]).toBeAllClose([infinite, 1], {});
  });

  it("wants the same shape", () => {
    expect(said(() => expect([1, 2]).toBeAllClose([1], { atol: 9 }))).toBe(
      "expected 1 elements, got 2 elements",
    );
    expect(said(() => expect([[1], [2]]).toBeAllClose([[1], 2], { atol: 9 }))).toBe(
      "expected a number at [1], got 1 elements",
    );
    expect(said(() => expect(undefined).toBeAllClose([], {}))).toBe("expected 0 elements, got undefined");
    expect(said(() => expect({ a: 1 }).toBeAllClose({ b: 1 }, {}))).toBe("expected b, got a");
    // A mistake of the test, also where it expects numbers that are not close.
    expect(said(() => expect([1]).not.toBeAllClose([1, 9], {}))).toBe("expected 2 elements, got 1 elements");
  });

  it("takes numbers by name", () => {
    const sums = { q: Float32Array.of(1, 2), k: [3] };
    expect(sums).toBeAllClose({ k: [3.5], q: [1, 2] }, { atol: 0.5 });
    expect(said(() => expect(sums).toBeAllClose({ q: [1, 2], k: [4] }, { atol: 0.5 }))).toContain(
      "at [k][0]",
    );
  });

  it("names the worst number, both values and the error", () => {
    const values = [Float32Array.of(1, 2), Float32Array.of(3, 4.25)];
    expect(
      said(() =>
        expect(values).toBeAllClose(
          [
            [1, 2.125],
            [3, 4],
          ],
          { atol: 0.1 },
        ),
      ),
    ).toBe(
      'expected all within {"atol":0.1}, got an error of 0.25, the worst at [1][1]: expected 4, got 4.25',
    );
    expect(said(() => expect([1, Number.NaN, 9]).toBeAllClose([1, 2, 3], { norm: 0.1 }))).toBe(
      'expected all within {"norm":0.1}, got an error of NaN, the worst at [1]: expected 2, got NaN',
    );
    expect(said(() => expect(1).toBeAllClose(2, { rtol: 0.1 }))).toBe(
      'expected all within {"rtol":0.1}, got an error of 1, the worst: expected 2, got 1',
    );
    expect(said(() => expect([1]).not.toBeAllClose([1], {}))).toBe(
      "expected not all within {}, got an error of 0",
    );
    expect(said(() => expect([1, 2]).not.toBeAllClose([1, 2.5], { atol: 1 }))).toBe(
      'expected not all within {"atol":1}, got an error of 0.5, the worst at [1]: expected 2.5, got 2',
    );
  });
});
