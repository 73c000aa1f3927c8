import { ascii, type Categories, unicode } from "./characters.ts";
import { PatternEffortError } from "./errors.ts";
import type { Place } from "./nodes.ts";
import type { Program, Step } from "./program.ts";

/** Work that is left: steps of programs, and characters that they look at. */
export interface Effort {
  left: number;
}

/** A trail longer than this means a pattern that does not end in reasonable time. Each entry is 16 bytes. */
const maxTrail = 2_000_000;
/** Kinds of entries of the trail: where to go on, or what to put back. */
const fork = 0;
const slot = 1;
const greedy = 2;
const lazy = 3;

/**
 * Runs a program on a text as CPython's `re` does: by trying, and going back. What is tried later stands on a
 * trail, not on the stack, and all work is counted: no pattern can hang, or overflow the stack.
 */
export class Machine {
  readonly #program: Program;
  readonly #text: Int32Array;
  readonly #effort: Effort;
  readonly #steps: readonly Step[];
  /** Where groups begin and end (−1: they do not), then what loops count. */
  readonly slots: Int32Array;
  #trail = new Int32Array(256);
  #top = 0;
  /** Where the match began that is being tried, and whether it may be empty. */
  #start = 0;
  #mustAdvance = false;
  /** Where the last accept was. */
  #end = 0;
  /** Where `#back` says to go on: a step, or below 0 the loop at step −pc − 1, to turn once more. */
  #pc = 0;
  #at = 0;

  constructor(program: Program, text: Int32Array, effort: Effort) {
    this.#program = program;
    this.#steps = program.steps;
    this.#text = text;
    this.#effort = effort;
    this.slots = new Int32Array(program.slots);
  }

  /**
   * The first match at or after `from`; its place is in `slots`. `mustAdvance`: one at `from` itself may not
   * be empty.
   */
  search(from: number, mustAdvance: boolean): boolean {
    for (let at = from; at <= this.#text.length; at++) {
      at = this.#nextStart(at, from);
      if (at < 0) return false;
      this.#spend(1);
      this.slots.fill(-1);
      this.#top = 0;
      this.#start = at;
      this.#mustAdvance = mustAdvance && at === from;
      if (this.#run(0, at, true)) {
        this.slots[0] = at;
        this.slots[1] = this.#end;
        return true;
      }
    }
    return false;
  }

  /** The next place from `at` on where a match can begin, −1 if there is none. */
  #nextStart(at: number, from: number): number {
    const { start } = this.#program;
    const text = this.#text;
    if (start === "anywhere") return at;
    // A pattern that begins with `^` matches at 0 only; one with `.*` as well where the search begins.
    if (start === "text") return at === from ? at : -1;
    let next = at;
    if (start === "line") while (next > from && next <= text.length && text[next - 1] !== 10) next++;
    else while (next < text.length && text[next] !== start.code) next++;
    this.#spend((next - at) >> 3);
    return next > text.length || (start !== "line" && next === text.length) ? -1 : next;
  }

  #spend(work: number): void {
    this.#effort.left -= work;
    if (this.#effort.left < 0 || this.#top > maxTrail * 4) this.#giveUp();
  }

  #giveUp(): never {
    throw new PatternEffortError(
      "expected a pattern that ends on this text within the work that it may do, got one that does not",
    );
  }

  #push(kind: number, a: number, b: number, c: number): void {
    if (this.#top + 4 > this.#trail.length) {
      const longer = new Int32Array(this.#trail.length * 2);
      longer.set(this.#trail);
      this.#trail = longer;
    }
    const trail = this.#trail;
    trail[this.#top] = kind;
    trail[this.#top + 1] = a;
    trail[this.#top + 2] = b;
    trail[this.#top + 3] = c;
    this.#top += 4;
  }

  #set(place: number, value: number): void {
    this.#push(slot, place, this.slots[place]!, 0);
    this.slots[place] = value;
  }

  /**
   * Finds the last thing on the trail that can be tried another way, and sets where: false where there is
   * none above `base`. Puts slots back on the way.
   */
  #back(base: number): boolean {
    while (this.#top > base) {
      this.#top -= 4;
      const trail = this.#trail;
      const kind = trail[this.#top]!;
      const a = trail[this.#top + 1]!;
      const b = trail[this.#top + 2]!;
      const c = trail[this.#top + 3]!;
      if (kind === slot) {
        this.slots[a] = b;
        continue;
      }
      this.#pc = a;
      this.#at = b;
      if (kind === fork) return true;
      if (kind === greedy ? this.#less(a, b, c) : this.#more(a, b, c)) return true;
    }
    return false;
  }

  /** A greedy run at step `pc` that took from `least` to `at`: one character less. */
  #less(pc: number, least: number, at: number): boolean {
    const step = this.#steps[pc] as Step & { op: "run" };
    let end = at - 1;
    if (step.nextCode >= 0) {
      while (end >= least && this.#text[end] !== step.nextCode) end--;
      this.#spend((at - end) >> 3);
    }
    if (end < least) return false;
    if (end > least) this.#push(greedy, pc, least, end);
    this.#pc = pc + 1;
    this.#at = end;
    return true;
  }

  /** A lazy run at step `pc` that took up to `at` and may take up to `most`: one character more. */
  #more(pc: number, at: number, most: number): boolean {
    const step = this.#steps[pc] as Step & { op: "run" };
    const text = this.#text;
    let end = at;
    do {
      if (end >= most || !step.test(text[end]!)) return false;
      end++;
    } while (step.nextCode >= 0 && text[end] !== step.nextCode);
    this.#spend((end - at) >> 3);
    this.#push(lazy, pc, end, most);
    this.#pc = pc + 1;
    this.#at = end;
    return true;
  }

  /** Runs from a step on until an accept. What it puts on the trail stays there when it ends well. */
  #run(from: number, where: number, isTop: boolean): boolean {
    const base = this.#top;
    const text = this.#text;
    const slots = this.slots;
    const steps = this.#steps;
    const effort = this.#effort;
    let pc = from;
    let at = where;
    for (;;) {
      if (--effort.left < 0 || this.#top > maxTrail * 4) this.#giveUp();
      const step = steps[pc]!;
      let isOk = true;
      switch (step.op) {
        case "char":
          isOk = at < text.length && text[at] === step.code;
          at++;
          pc++;
          break;
        case "test":
          isOk = at < text.length && step.test(text[at]!);
          at++;
          pc++;
          break;
        case "fork":
          this.#push(fork, step.other, at, 0);
          pc++;
          break;
        case "jump":
          pc = step.to;
          break;
        case "save":
          this.#set(step.slot, at);
          pc++;
          break;
        case "run": {
          const end = this.#take(step, pc, at);
          isOk = end >= 0;
          at = end;
          pc++;
          break;
        }
        case "loop-start":
          this.#set(step.slot, 0);
          this.#set(step.slot + 1, -1);
          pc++;
          break;
        case "loop": {
          const turns = slots[step.slot]!;
          const mayTurn = turns < step.max && slots[step.slot + 1] !== at;
          if (turns < step.min) {
            this.#set(step.slot, turns + 1);
            pc = step.body;
          } else if (!mayTurn) pc++;
          else if (step.isLazy) {
            this.#push(fork, -pc - 1, at, 0);
            pc++;
          } else {
            this.#push(fork, pc + 1, at, 0);
            this.#turn(step, turns, at);
            pc = step.body;
          }
          break;
        }
        case "at":
          isOk = this.#stands(step.place, at);
          pc++;
          break;
        case "look":
          isOk = this.#look(pc + 1, at - step.width, step.isNegative);
          pc = step.next;
          break;
        case "atomic":
          isOk = this.#apart(pc + 1, at);
          at = this.#end;
          pc = step.next;
          break;
        case "reference": {
          const end = this.#repeated(step, at);
          isOk = end >= 0;
          at = end;
          pc++;
          break;
        }
        case "condition":
          pc = slots[2 * step.group]! >= 0 && slots[2 * step.group + 1]! >= 0 ? pc + 1 : step.no;
          break;
        case "accept":
          this.#end = at;
          if (!(isTop && this.#mustAdvance && at === this.#start)) return true;
          isOk = false;
      }
      if (isOk) continue;
      if (!this.#back(base)) return false;
      pc = this.#pc;
      at = this.#at;
      if (pc >= 0) continue;
      pc = -pc - 1;
      const loop = steps[pc] as Step & { op: "loop" };
      this.#turn(loop, slots[loop.slot]!, at);
      pc = loop.body;
    }
  }

  #turn(step: Step & { op: "loop" }, turns: number, at: number): void {
    this.#set(step.slot + 1, at);
    this.#set(step.slot, turns + 1);
  }

  /** The end of a run of characters from `at` on, −1 if there are too few. */
  #take(step: Step & { op: "run" }, pc: number, at: number): number {
    const { test, min, max, mode } = step;
    const text = this.#text;
    const most = Math.min(text.length, at + max);
    const until = mode === "lazy" ? Math.min(most, at + min) : most;
    let end = at;
    while (end < until && test(text[end]!)) end++;
    this.#spend((end - at) >> 3);
    if (end - at < min) return -1;
    if (mode === "greedy" && end - at > min) this.#push(greedy, pc, at + min, end);
    if (mode === "lazy" && end < most) this.#push(lazy, pc, end, most);
    return end;
  }

  #look(pc: number, at: number, isNegative: boolean): boolean {
    if (at < 0) return isNegative;
    const base = this.#top;
    if (!isNegative) return this.#apart(pc, at);
    const isFound = this.#run(pc, at, false);
    // Whatever groups it found are none outside of it.
    while (this.#top > base) {
      this.#top -= 4;
      if (this.#trail[this.#top] === slot)
        this.slots[this.#trail[this.#top + 1]!] = this.#trail[this.#top + 2]!;
    }
    return !isFound;
  }

  /** Runs steps that are not gone back into once they have matched: only their groups stay on the trail. */
  #apart(pc: number, at: number): boolean {
    const base = this.#top;
    if (!this.#run(pc, at, false)) return false;
    const trail = this.#trail;
    let kept = base;
    for (let i = base; i < this.#top; i += 4) {
      if (trail[i] !== slot) continue;
      trail.copyWithin(kept, i, i + 4);
      kept += 4;
    }
    this.#top = kept;
    return true;
  }

  /** Where the text of a group ends that stands at `at` again, −1 if it does not. */
  #repeated({ group, fold }: Step & { op: "reference" }, at: number): number {
    const [start, end] = [this.slots[2 * group]!, this.slots[2 * group + 1]!];
    if (start < 0 || end < start) return -1;
    const length = end - start;
    const text = this.#text;
    if (at + length > text.length) return -1;
    this.#spend(length >> 3);
    for (let i = 0; i < length; i++) {
      const [one, other] = [text[start + i]!, text[at + i]!];
      if (one !== other && (!fold || fold(one) !== fold(other))) return -1;
    }
    return at + length;
  }

  #stands(place: Place, at: number): boolean {
    const text = this.#text;
    const last = text.length;
    switch (place) {
      case "text-start":
        return at === 0;
      case "text-end":
        return at === last;
      case "last-line-end":
        return at === last || (at === last - 1 && text[at] === 10);
      case "line-start":
        return at === 0 || text[at - 1] === 10;
      case "line-end":
        return at === last || text[at] === 10;
      case "boundary":
        return this.#isBoundary(unicode, at);
      case "ascii-boundary":
        return this.#isBoundary(ascii, at);
      // In an empty text there is neither, as in Python 3.11.
      case "no-boundary":
        return last > 0 && !this.#isBoundary(unicode, at);
      case "no-ascii-boundary":
        return last > 0 && !this.#isBoundary(ascii, at);
    }
  }

  #isBoundary({ word }: Categories, at: number): boolean {
    const text = this.#text;
    const before = at > 0 && word(text[at - 1]!);
    return before !== (at < text.length && word(text[at]!));
  }
}
