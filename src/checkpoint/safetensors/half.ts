/**
 * IEEE 754 binary16 and bfloat16 to float32 and back, exactly: rounds to nearest, ties to even, and keeps
 * subnormals, infinities and NaN (with as much of its payload as fits). It computes with bits, because Node
 * 22 has no Float16Array. For reading, a table is the fastest way besides.
 */

/** Bits of float32 for every binary16; made when first needed (256 KiB). */
let f16Table: Uint32Array | undefined;

/** `bits` [n] binary16 → `out` [n] float32. */
export function f16ToF32(bits: Uint16Array, out: Float32Array): void {
  f16Table ??= Uint32Array.from({ length: 65536 }, (_, i) => f32BitsOfF16(i));
  const table = f16Table;
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) outBits[i] = table[bits[i]!]!;
}

/** `values` [n] float32 → `out` [n] binary16 bits. Magnitudes of 65520 and more become infinity. */
export function f32ToF16(values: Float32Array, out: Uint16Array): void {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) out[i] = f16OfF32Bits(bits[i]!);
}

/** `bits` [n] bfloat16 → `out` [n] float32. */
export function bf16ToF32(bits: Uint16Array, out: Float32Array): void {
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) outBits[i] = bits[i]! << 16;
}

/** `values` [n] float32 → `out` [n] bfloat16 bits. */
export function f32ToBf16(values: Float32Array, out: Uint16Array): void {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) out[i] = bf16OfF32Bits(bits[i]!);
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

function bf16OfF32Bits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40; // NaN, made quiet
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function f32BitsOfF16(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  if (fraction === 0) return sign >>> 0;
  // Subnormal: fraction · 2^-24 is a normal float32; its leading one moves to the hidden bit.
  const shift = Math.clz32(fraction) - 21;
  return (sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)) >>> 0;
}

function f16OfF32Bits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) {
    // 65536 and more, infinity, NaN (made quiet)
    return sign | (magnitude > 0x7f800000 ? 0x7e00 | ((magnitude >>> 13) & 0x3ff) : 0x7c00);
  }
  if (magnitude >= 0x38800000) {
    // Normal: the exponent's bias changes by 112; a carry out of the fraction rightly raises the exponent.
    const moved = magnitude - 0x38000000;
    return sign | ((moved + 0xfff + ((moved >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below 2^-25, half of the smallest subnormal
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const quotient = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const up = rest > half || (rest === half && (quotient & 1) === 1);
  return sign | (quotient + (up ? 1 : 0));
}
