/**
 * A seeded random number generator in 32-bit integer arithmetic: the same on every machine. sfc32 from
 * PractRand, with its state made from the seed by splitmix32.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  below(below: number): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Shuffles an array in place (Fisher–Yates). */
  shuffle<T extends unknown[] | Int32Array>(array: T): T;
}

/** `stream` makes independent sequences from one seed: "init", "order 3" … */
export function randomOf(seed: number, stream = ""): Random {
  let mix = seed | 0;
  for (let i = 0; i < stream.length; i++) mix = Math.imul(mix ^ stream.charCodeAt(i), 0x01000193) | 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) | 0;
  };
  let [a, b, c, counter] = [splitmix(), splitmix(), splitmix(), 1];
  const word = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) word();

  const random: Random = {
    next: () => word() / 2 ** 32,
    below: (below) => Math.floor(random.next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = random.below(i + 1);
        [array[i], array[j]] = [array[j], array[i]];
      }
      return array;
    },
  };
  return random;
}
