import type { Example } from "../../../contracts/example.ts";
import { mix } from "../../curate/words.ts";

/** Characters of a passage that two prompts may share. */
export const passageChars = 200;
/** Passages of a prompt that are kept: those with the least hash, which are the same wherever they are. */
const keptPassages = 4;
/** A passage that more examples, and a larger share of them, have is an instruction. */
const instructionExamples = 100;
const instructionShare = 0.2;
/** Characters of a prompt that are looked at. */
const lookedAt = 10_000;
/**
 * So many examples are all compared; of those behind them one in sixteen that is trained on, to take no time.
 */
const allExamples = 5_000;
const oneIn = 16;
/** Examples that are compared at most: memory is bounded by them. */
const mostExamples = 500_000;
const firstSlots = 1 << 12;
/** Where a passage may begin: behind a line break or the end of a sentence. */
const passageEnds = ["\n", ". ", "。"] as const;

/** How many held-out examples share a long passage with examples that are trained on. */
export interface Shared {
  /** Held-out examples that were compared, and whether all examples were. */
  held: number;
  isWhole: boolean;
  shared: number;
  /** The first of those, and how its passage begins. */
  first: { id: string; passage: string } | null;
}

interface Passage {
  order: number;
  message: number;
  start: number;
}

/**
 * Compares prompts by a sketch in the manner of MinHash (Broder 1997: the k least of one hash). Of all
 * passages that begin with a line or sentence it keeps the few with the least hash. Two prompts that are
 * mostly the same have most of them in common. About 100 bytes an example.
 */
export class SharedPassages {
  private seen = 0;
  private compared = 0;
  private readonly held: { id: string; passages: { key: number; begins: string }[] }[] = [];
  /**
   * Open addressing, at most two thirds full: a passage's key, and how many examples of each kind have it.
   */
  private keys = new Float64Array(firstSlots);
  private counts = new Uint32Array(2 * firstSlots);
  private size = 0;

  add({ id, split, messages }: Pick<Example, "id" | "split" | "messages">): void {
    const isHeld = split !== "train";
    const isSampled = this.seen++ < allExamples || isHeld || this.seen % oneIn === 0;
    if (!isSampled || this.compared === mostExamples) return;
    this.compared++;
    const passages = new Map<number, string>();
    const texts = messages.flatMap(({ role, content }) => (role === "assistant" ? [] : [content]));
    for (const { order, message, start } of leastPassages(texts)) {
      const passage = texts[message]!.slice(start, start + passageChars);
      passages.set(keyOf(passage, order), passage.slice(0, 80));
    }
    for (const key of passages.keys()) this.count(key, isHeld);
    if (isHeld) this.held.push({ id, passages: Array.from(passages, ([key, begins]) => ({ key, begins })) });
  }

  result(): Shared {
    const most = Math.max(instructionExamples, instructionShare * this.compared);
    const isShared = (key: number): boolean => {
      const slot = slotOf(this.keys, key);
      const [train, held] = [this.counts[2 * slot]!, this.counts[2 * slot + 1]!];
      return train > 0 && train + held <= most;
    };
    let shared = 0;
    let first: Shared["first"] = null;
    for (const { id, passages } of this.held) {
      const found = passages.find(({ key }) => isShared(key));
      if (found === undefined) continue;
      shared++;
      first ??= { id, passage: found.begins };
    }
    return { held: this.held.length, isWhole: this.compared === this.seen, shared, first };
  }

  private count(key: number, isHeld: boolean): void {
    const slot = slotOf(this.keys, key);
    if (this.keys[slot] === 0) {
      this.keys[slot] = key;
      this.size++;
    }
    this.counts[2 * slot + (isHeld ? 1 : 0)]!++;
    if (3 * this.size > 2 * this.keys.length) this.grow();
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    const counts = new Uint32Array(this.counts.length * 2);
    for (const [from, key] of this.keys.entries()) {
      if (key === 0) continue;
      const to = slotOf(keys, key);
      keys[to] = key;
      counts.set(this.counts.subarray(2 * from, 2 * from + 2), 2 * to);
    }
    this.keys = keys;
    this.counts = counts;
  }
}

/** The passages of a prompt with the least hash of some of their characters. */
function leastPassages(texts: readonly string[]): Passage[] {
  const least: Passage[] = [];
  let left = lookedAt;
  for (const [message, text] of texts.entries()) {
    const last = Math.min(text.length, left) - passageChars;
    left -= text.length;
    // `indexOf` is many times as fast as a look at each character.
    const ends = passageEnds.map((end) => ({ end, at: -end.length }));
    for (let start = 0; start <= last; ) {
      const order = orderOf(text, start);
      if (least.length < keptPassages || order < least.at(-1)!.order) {
        const place = least.findIndex((one) => order < one.order);
        least.splice(place < 0 ? least.length : place, 0, { order, message, start });
        if (least.length > keptPassages) least.pop();
      }
      let next = Number.POSITIVE_INFINITY;
      for (const one of ends) {
        if (one.at + one.end.length <= start) {
          const found = text.indexOf(one.end, start);
          one.at = found < 0 ? Number.POSITIVE_INFINITY : found;
        }
        next = Math.min(next, one.at + one.end.length);
      }
      start = next;
    }
  }
  return least;
}

/** A hash of 16 characters spread over a passage: enough to put passages in an order. */
function orderOf(text: string, start: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < start + passageChars; at += 13)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash) >>> 0;
}

/** 53 bits of a hash of the whole passage, the upper 21 from its order; never 0. */
function keyOf(passage: string, order: number): number {
  let hash = 0x9e3779b1 | 0;
  for (let at = 0; at < passage.length; at++) hash = Math.imul(hash ^ passage.charCodeAt(at), 0x01000193);
  return (order >>> 11) * 2 ** 32 + (mix(hash) >>> 0) || 1;
}

/** Where a key is, or the free slot where it would be. */
function slotOf(keys: Float64Array, key: number): number {
  let slot = key % keys.length;
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % keys.length;
  return slot;
}
