import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from "../../../src/checkpoint/safetensors/half.ts";

const everyBits = Uint16Array.from({ length: 65536 }, (_, i) => i);

function floats(...values: number[]): Float32Array {
  return Float32Array.from(values);
}

function f16(values: Float32Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  f32ToF16(values, bits);
  return bits;
}

function bf16(values: Float32Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  f32ToBf16(values, bits);
  return bits;
}

/** The bfloat16 nearest to a finite float32, ties to even, by comparing its two neighbours. */
function nearestBf16(value: number): number {
  const bits = new Uint32Array(floats(value).buffer)[0]!;
  const low = bits >>> 16;
  const asDouble = (half: number) => {
    const [whole] = new Float32Array(Uint32Array.of((half << 16) >>> 0).buffer);
    // Past the largest finite value the next step of the same size counts, not infinity.
    return Number.isFinite(whole) ? whole! : Math.sign(value) * 2 ** 128;
  };
  const below = Math.abs(value - asDouble(low));
  const above = Math.abs(asDouble(low + 1) - value);
  if (below === above) return low % 2 === 0 ? low : low + 1;
  return below < above ? low : low + 1;
}

describe("binary16", () => {
  it("decodes every bit pattern as Float16Array does", () => {
    const got = new Float32Array(65536);
    f16ToF32(everyBits, got);
    expect(got).toEqual(Float32Array.from(new Float16Array(everyBits.buffer)));
  });

  it("comes back from float32 bit for bit, NaN made quiet", () => {
    const values = new Float32Array(65536);
    f16ToF32(everyBits, values);
    const isNan = (bits: number) => (bits & 0x7fff) > 0x7c00;
    expect(f16(values)).toEqual(everyBits.map((bits) => (isNan(bits) ? bits | 0x200 : bits)));
  });

  it("rounds to nearest, ties to even, as Float16Array does", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(f16(floats(value))[0]).toBe(new Uint16Array(Float16Array.of(value).buffer)[0]);
      }),
      { numRuns: 2000 },
    );
  });

  it("rounds the midpoint of every two neighbours to the even one", () => {
    const values = new Float32Array(0x7c00);
    f16ToF32(everyBits.subarray(0, 0x7c00), values);
    // Past the largest comes 65536, which reads as infinity.
    const midpoints = values.map((value, i) => (value + (values[i + 1] ?? 65536)) / 2);
    expect(f16(midpoints)).toEqual(everyBits.subarray(0, 0x7c00).map((bits) => bits + (bits % 2)));
  });

  it("rounds at the edges: half the smallest subnormal, the largest, the first infinity", () => {
    const smallest = 2 ** -24;
    const values = floats(smallest / 2, (smallest / 2) * 1.0001, smallest * 1.5, 65504, 65519, 65520, -65520);
    expect([...f16(values)]).toEqual([0, 1, 2, 0x7bff, 0x7bff, 0x7c00, 0xfc00]);
  });
});

describe("bfloat16", () => {
  it("comes back from float32 bit for bit, NaN made quiet", () => {
    const values = new Float32Array(65536);
    bf16ToF32(everyBits, values);
    const isNan = (bits: number) => (bits & 0x7fff) > 0x7f80;
    expect(bf16(values)).toEqual(everyBits.map((bits) => (isNan(bits) ? bits | 0x40 : bits)));
  });

  it("rounds to nearest, ties to even", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(bf16(floats(value))[0]).toBe(nearestBf16(value));
      }),
      { numRuns: 2000 },
    );
  });

  it("rounds ties and keeps signs, zeros and infinities", () => {
    const ties = floats(1 + 2 ** -8, 1 + 3 * 2 ** -8, -0, Number.POSITIVE_INFINITY, 2 ** -133);
    expect([...bf16(ties)]).toEqual([0x3f80, 0x3f82, 0x8000, 0x7f80, 1]);
  });
});
