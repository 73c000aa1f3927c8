const stateSize = 624;
const shift = 397;

/**
 * Python's `random.Random(seed)` for whole numbers: the same draws, in the same order, as CPython 3.11
 * (Mersenne twister, seeded by `init_by_array` with the seed's 32-bit words).
 */
export class PythonRandom {
  readonly #state = new Uint32Array(stateSize);
  #at = stateSize;

  /** As Python, a negative seed is the positive one. */
  constructor(seed: number | bigint) {
    let rest = BigInt(seed);
    if (rest < 0n) rest = -rest;
    const words: number[] = [];
    do {
      words.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
    this.#seed(words);
  }

  #seed(words: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < stateSize; i++) {
      const last = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] = Math.imul(1812433253, last) + i;
    }
    let i = 1;
    const mix = (factor: number, add: number): void => {
      const last = state[i - 1]! ^ (state[i - 1]! >>> 30);
      state[i] = (state[i]! ^ Math.imul(last, factor)) + add;
      if (++i < stateSize) return;
      state[0] = state[stateSize - 1]!;
      i = 1;
    };
    for (let k = 0; k < Math.max(stateSize, words.length); k++) {
      const j = k % words.length;
      mix(1664525, words[j]! + j);
    }
    for (let k = 1; k < stateSize; k++) mix(1566083941, -i);
    state[0] = 0x80000000;
  }

  /** A whole number below 2^32. */
  #next(): number {
    if (this.#at === stateSize) this.#twist();
    let bits = this.#state[this.#at++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < stateSize; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % stateSize]! & 0x7fffffff);
      state[i] = state[(i + shift) % stateSize]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }

  /** At least 0, below 1, with 53 random bits. */
  random(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A whole number of so many random bits. */
  getrandbits(bits: number): bigint {
    let value = 0n;
    for (let done = 0; done < bits; done += 32) {
      const word = this.#next() >>> Math.max(0, 32 - (bits - done));
      value |= BigInt(word) << BigInt(done);
    }
    return value;
  }

  /** At least 0 and below `limit`, which is a whole number from 1 to 2^53. */
  below(limit: number): number {
    const bits = BigInt(limit).toString(2).length;
    const draw = bits <= 32 ? () => this.#next() >>> (32 - bits) : () => Number(this.getrandbits(bits));
    let value = draw();
    while (value >= limit) value = draw();
    return value;
  }

  /** At least `from` and at most `to`, both whole numbers. */
  randint(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** `k` different items of a list, in random order. Throws RangeError where there are fewer. */
  sample<T>(items: readonly T[], k: number): T[] {
    const count = items.length;
    if (k < 0 || k > count)
      throw new RangeError(`sample: expected a number of items from 0 to ${count}, got ${k}`);
    // CPython copies short lists, and remembers what it has drawn of long ones.
    const setSize = 21 + (k > 5 ? 4 ** Math.ceil(Math.log(k * 3) / Math.log(4)) : 0);
    if (count <= setSize) {
      const pool = [...items];
      return Array.from({ length: k }, (_, i) => {
        const at = this.below(count - i);
        const item = pool[at]!;
        pool[at] = pool[count - i - 1]!;
        return item;
      });
    }
    const drawn = new Set<number>();
    while (drawn.size < k) drawn.add(this.below(count));
    return Array.from(drawn, (at) => items[at]!);
  }

  /** `k` items of a list, each drawn from all of them. */
  choices<T>(items: readonly T[], k: number): T[] {
    return Array.from({ length: k }, () => items[Math.floor(this.random() * items.length)]!);
  }

  /** Puts the items of a list into random order, in place. */
  shuffle<T>(items: T[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const at = this.below(i + 1);
      [items[i], items[at]] = [items[at]!, items[i]!];
    }
  }
}
