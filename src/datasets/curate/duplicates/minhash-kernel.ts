import { createKernel, get, i32, load, op, repeat, set, storeVector, v128 } from "../../../wasm.ts";

/** Hash values in the kernel's memory at once: they stay in the first-level cache for all groups of slots. */
const blockHashes = 4096;
/**
 * Slots of a pass over the hashes: 4 vectors each of factors, offsets and least values fit x64's 16
 * registers.
 */
const passSlots = 16;
const passVectors = passSlots / 4;

/**
 * The inner loop of MinHash in WebAssembly, 16 hash functions a pass: nearly all the work is multiplication.
 */
export interface MinhashKernel {
  /** Factors and offsets of x → factor · x + offset modulo 2³², one for each slot; set them before `run`. */
  factors: Int32Array;
  offsets: Int32Array;
  /** After `run`, each slot's least value as a signed number; 2³¹ − 1 where there was no hash. */
  least: Int32Array;
  /** Over `hashes`, for the first `slots` slots. */
  run(hashes: Int32Array, slots: number): void;
}

// Locals: the pass's place in the arrays of slots and the end of the hashes as parameters, then the place of
// a hash, the hash in four lanes, and the pass's vectors.
const [pass, end, at, hash, vectors] = [0, 1, 2, 3, 4];

/** Makes a kernel for at most `slots` slots. */
export function createMinhashKernel(slots: number): MinhashKernel {
  const arrayBytes = Math.ceil(slots / passSlots) * passSlots * 4;
  const hashBytes = blockHashes * 4;
  const [factors, offsets, least] = [0, 1, 2].map((array) => ({
    place: (i: number) => hashBytes + array * arrayBytes + i * 16,
    local: (i: number) => vectors + array * passVectors + i,
  })) as [Operand, Operand, Operand];
  const each = (code: (i: number) => number[]) =>
    Array.from({ length: passVectors }, (_, i) => code(i)).flat();
  const loaded = ({ place, local }: Operand) =>
    each((i) => set(local(i), load("v128.load", get(pass), place(i))));
  const step = [
    ...set(hash, load("v128.load32_splat", get(at))),
    ...each((i) => {
      const product = op("i32x4.mul", get(hash), get(factors.local(i)));
      const value = op("i32x4.add", product, get(offsets.local(i)));
      return set(least.local(i), op("i32x4.min_s", value, get(least.local(i))));
    }),
  ];
  const kernel = createKernel({
    parameters: [i32, i32],
    locals: [
      [1, i32],
      [1 + 3 * passVectors, v128],
    ],
    body: [
      ...[factors, offsets, least].flatMap(loaded),
      ...repeat(step, { at, end, bytes: 4 }),
      ...each((i) => storeVector(get(pass), get(least.local(i)), least.place(i))),
    ],
    memoryBytes: hashBytes + 3 * arrayBytes,
  });
  const block = new Int32Array(kernel.memory, 0, blockHashes);
  const arrayOf = ({ place }: Operand) => new Int32Array(kernel.memory, place(0), arrayBytes / 4);
  const values = arrayOf(least);
  return {
    factors: arrayOf(factors),
    offsets: arrayOf(offsets),
    least: values,
    run(hashes, used) {
      values.fill(0x7fffffff);
      for (let start = 0; start < hashes.length; start += blockHashes) {
        const part = hashes.subarray(start, start + blockHashes);
        block.set(part);
        for (let slot = 0; slot < used; slot += passSlots) kernel.run(slot * 4, part.length * 4);
      }
    },
  };
}

interface Operand {
  /** Byte of the pass's vector `i` in memory, less the pass's own place. */
  place(i: number): number;
  local(i: number): number;
}
