/**
 * Choices that look random and are the same on every run and machine. Each comes from a hash of a key (an
 * example's id and what is being chosen), not from a generator's state, so adding an example changes no
 * other.
 */

/**
 * 32 bits from a string: FNV-1a, then murmur3's finaliser so that similar keys give very different numbers.
 */
export function fnv32(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in [0, 1). */
export function fraction(key: string): number {
  return fnv32(key) / 2 ** 32;
}

/** One of `items`, which must not be empty. */
export function pick<T>(items: readonly T[], key: string): T {
  return items[fnv32(key) % items.length]!;
}

/** All of `items` in an order given by the key. */
export function shuffled<T>(items: readonly T[], key: string): T[] {
  return items
    .map((item, i) => ({ item, order: fnv32(`${key}\0${i}`) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/**
 * At most `count` different ones of `items`: `shuffled(items, key).slice(0, count)` without ordering them
 * all.
 */
export function draw<T>(items: readonly T[], count: number, key: string): T[] {
  const drawn = new Set<number>();
  for (let i = 0; drawn.size < Math.min(count, items.length); i++)
    drawn.add(fnv32(`${key}\0${i}`) % items.length);
  return [...drawn].map((index) => items[index]!);
}

/** At most `count` of `items`, in their own order. */
export function sample<T>(items: readonly T[], count: number, key: string): T[] {
  const chosen = shuffled([...items.keys()], key).slice(0, count);
  return chosen.sort((a, b) => a - b).map((i) => items[i]!);
}
