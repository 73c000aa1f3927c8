import { hash } from "node:crypto";

/**
 * 32-bit words kept of each text's SHA-256: among ten million texts, two agree in 96 bits once in 10¹⁵ runs.
 */
const words = 3;
const firstSlots = 1 << 12;

/**
 * A set of texts in 12 bytes a slot, however long they are: a JavaScript Set of millions of ids takes
 * hundreds of megabytes.
 */
export class TextSet {
  /** How many texts are in it. */
  size = 0;
  /** Open addressing, at most two thirds full. A slot of zeros is free; `digest` never gives three zeros. */
  private slots = new Uint32Array(firstSlots * words);

  has(text: string): boolean {
    const { slots } = this;
    const slot = find(slots, digest(text));
    return slots[slot] !== 0 || slots[slot + 1] !== 0 || slots[slot + 2] !== 0;
  }

  /** False where the text was there before. */
  add(text: string): boolean {
    const { slots } = this;
    const key = digest(text);
    const slot = find(slots, key);
    if (slots[slot] !== 0 || slots[slot + 1] !== 0 || slots[slot + 2] !== 0) return false;
    slots.set(key, slot);
    this.size++;
    if (3 * this.size > 2 * (slots.length / words)) this.grow();
    return true;
  }

  private grow(): void {
    const larger = new Uint32Array(this.slots.length * 2);
    for (let at = 0; at < this.slots.length; at += words) {
      const key = this.slots.subarray(at, at + words);
      if (key[0] !== 0 || key[1] !== 0 || key[2] !== 0) larger.set(key, find(larger, key));
    }
    this.slots = larger;
  }
}

function digest(text: string): Uint32Array {
  // UTF-16, because UTF-8 makes all lone surrogates the same. A binary string is made four times as fast as a
  // buffer.
  const bytes = hash("sha256", Buffer.from(text, "utf16le"), "binary");
  const key = new Uint32Array(words);
  for (let i = 0; i < 4 * words; i++) key[i >> 2]! |= bytes.charCodeAt(i) << (8 * (i & 3));
  if (key[0] === 0) key[0] = 1;
  return key;
}

/** Where a key is, or the free slot where it would be. */
function find(slots: Uint32Array, key: Uint32Array): number {
  const count = slots.length / words;
  for (let slot = key[0]! % count; ; slot = (slot + 1) % count) {
    const at = slot * words;
    const [a, b, c] = [slots[at], slots[at + 1], slots[at + 2]];
    if (a === key[0] && b === key[1] && c === key[2]) return at;
    if (a === 0 && b === 0 && c === 0) return at;
  }
}
