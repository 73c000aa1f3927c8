import type { Example } from "../../contracts/example.ts";
import { mix } from "../curate/words.ts";

/** Characters of a passage that two prompts may share. */
export const passageChars = 200;
/** Passages of a prompt that are kept: those with the least hash, which are the same wherever they are. */
const keptPassages = 4;
/** A passage that more examples, and a larger share of them, have is an instruction. */
const instructionExamples = 100;
const instructionShare = 0.2;
/** Characters of a prompt that are looked at, and examples that are compared: memory is bounded by them. */
const lookedAt = 200_000;
const mostExamples = 500_000;
const firstSlots = 1 << 12;

/** How many held-out examples share a long passage with examples that are trained on. */
export interface Shared {
  /** Held-out examples that were compared, and whether that is all of them. */
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
 * Compares prompts by a sketch in the manner of MinHash (Broder 1997: the k least of one hash). Of all passages
 * that begin with a line or sentence it keeps the few with the least hash. Two prompts that are mostly the same
 * have most of them in common. About 100 bytes an example.
 */
export class SharedPassages {
  private compared = 0;
  private readonly held: { id: string; passages: { key: number; begins: string }[] }[] = [];
  /** Open addressing, at most two thirds full: a passage's key, and how many examples of each kind have it. */
  private keys = new Float64Array(firstSlots);
  private counts = new Uint32Array(2 * firstSlots);
  private size = 0;

  add({ id, split, messages }: Pick<Example, "id" | "split" | "messages">): void {
    if (this.compared === mostExamples) return;
    this.compared++;
    const isHeld = split !== "train";
    const passages = new Map<number, string>();
    const texts = messages.flatMap(({ role, content }) => (role === "assistant" ? [] : [content]));
    for (const { message, start } of leastPassages(texts)) {
      const passage = texts[message]!.slice(start, start + passageChars);
      passages.set(keyOf(passage), passage.slice(0, 80));
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
    return { held: this.held.length, isWhole: this.compared < mostExamples, shared, first };
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
    let begins = true;
    for (let at = 0; at <= last; at++) {
      const unit = text.charCodeAt(at);
      if (isEnd(unit)) begins = true;
      else if (begins && unit > 0x20) {
        begins = false;
        const order = orderOf(text, at);
        if (least.length === keptPassages && order >= least.at(-1)!.order) continue;
        const place = least.findIndex((one) => order < one.order);
        least.splice(place < 0 ? least.length : place, 0, { order, message, start: at });
        if (least.length > keptPassages) least.pop();
      }
    }
  }
  return least;
}

/** Line breaks, and the ends of sentences in most scripts. */
function isEnd(unit: number): boolean {
  if (unit < 0x80) return unit === 0x0a || unit === 0x2e || unit === 0x3f || unit === 0x21;
  return unit === 0x3002 || unit === 0xff01 || unit === 0xff1f || unit === 0x0964;
}

/** A hash of 16 characters spread over a passage: enough to put passages in an order. */
function orderOf(text: string, start: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < start + passageChars; at += 13)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash) >>> 0;
}

/** 53 bits of a hash of the whole passage; never 0. */
function keyOf(passage: string): number {
  let [low, high] = [0x811c9dc5 | 0, 0x9e3779b1 | 0];
  for (let at = 0; at < passage.length; at++) {
    const unit = passage.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high, 0x85ebca6b) + unit;
  }
  return (mix(high) >>> 11) * 2 ** 32 + (mix(low) >>> 0) || 1;
}

/** Where a key is, or the free slot where it would be. */
function slotOf(keys: Float64Array, key: number): number {
  let slot = key % keys.length;
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % keys.length;
  return slot;
}
