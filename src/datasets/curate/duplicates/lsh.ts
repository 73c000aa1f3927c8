import { mix } from "../words.ts";

/**
 * A kept text, and its similarity to the text asked for: the least estimated Jaccard similarity of their
 * parts.
 */
export interface NearMatch {
  index: number;
  similarity: number;
}

/** Signatures of the texts kept so far, found by equal bands. */
export interface LshIndex {
  readonly size: number;
  /**
   * The most similar kept text with the same number of parts, all at least `threshold` similar; null without
   * one. Of equally similar ones the first that is found: by the first band it shares, there the one kept
   * last.
   */
  find(signature: Int32Array, parts: number): NearMatch | null;
  /** Keeps a text; its index is `size` as it was before. */
  add(signature: Int32Array, parts: number): void;
}

/**
 * Locality-sensitive hashing without chains. Only kept texts are in it, and a new text is compared with them
 * by whole signatures. So a text is dropped because it is similar to one that stays, never because neighbours
 * of neighbours connect them. Passages that many texts share only make them candidates.
 *
 * Memory: the signature (4 bytes a slot) and about 12 bytes a band for each kept text.
 */
export function createLsh(bands: number, rows: number, threshold: number): LshIndex {
  const slots = bands * rows;
  let size = 0;
  let signatures = new Int32Array(slots * 1024);
  let partsOf = new Uint8Array(1024);
  // A bucket is a chain of entries (text · bands + band), newest first; 0 ends it, so entries are stored plus
  // 1.
  let next = new Uint32Array(bands * 1024);
  let heads = new Uint32Array(bands * 2048);
  const keys = new Int32Array(bands);
  const tried = new Set<number>();

  const setKeys = (signature: Int32Array, offset: number, parts: number): void => {
    for (let band = 0; band < bands; band++) {
      let key = Math.imul(band + 1, 0x9e3779b1) + parts;
      const start = offset + band * rows;
      for (let row = start; row < start + rows; row++)
        key = Math.imul(key ^ signature[row]!, 0x01000193) ^ (key >>> 15);
      keys[band] = mix(key);
    }
  };
  const link = (index: number): void => {
    for (let band = 0; band < bands; band++) {
      const bucket = (keys[band]! >>> 0) % heads.length;
      const entry = index * bands + band;
      next[entry] = heads[bucket]!;
      heads[bucket] = entry + 1;
    }
  };
  const grow = (): void => {
    signatures = enlarged(signatures, new Int32Array(signatures.length * 2));
    partsOf = enlarged(partsOf, new Uint8Array(partsOf.length * 2));
    next = new Uint32Array(next.length * 2);
    heads = new Uint32Array(heads.length * 2);
    for (let index = 0; index < size; index++) {
      setKeys(signatures, index * slots, partsOf[index]!);
      link(index);
    }
  };
  return {
    get size() {
      return size;
    },
    find(signature, parts) {
      setKeys(signature, 0, parts);
      tried.clear();
      let best: NearMatch | null = null;
      for (let band = 0; band < bands; band++) {
        for (let at = heads[(keys[band]! >>> 0) % heads.length]!; at > 0; at = next[at - 1]!) {
          const index = Math.floor((at - 1) / bands);
          if (partsOf[index] !== parts || tried.has(index)) continue;
          if (!sameBand(signatures, index * slots, signature, band * rows, rows)) continue;
          tried.add(index);
          const similarity = similarityOf(signatures, index * slots, signature, parts);
          if (similarity >= threshold && similarity > (best?.similarity ?? 0)) best = { index, similarity };
        }
      }
      return best;
    },
    add(signature, parts) {
      if (size === partsOf.length) grow();
      signatures.set(signature, size * slots);
      partsOf[size] = parts;
      setKeys(signature, 0, parts);
      link(size++);
    },
  };
}

/**
 * Whether the band is really the same: different bands may share a bucket.
 */
function sameBand(kept: Int32Array, offset: number, asked: Int32Array, start: number, rows: number): boolean {
  for (let row = start; row < start + rows; row++) if (kept[offset + row] !== asked[row]) return false;
  return true;
}

function similarityOf(kept: Int32Array, offset: number, asked: Int32Array, parts: number): number {
  let least = 1;
  for (let part = 0; part < parts; part++) {
    let [same, slots] = [0, 0];
    for (let j = part; j < asked.length; j += parts, slots++) if (kept[offset + j] === asked[j]) same++;
    least = Math.min(least, same / slots);
  }
  return least;
}

function enlarged<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
