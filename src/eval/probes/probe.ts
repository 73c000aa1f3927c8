import type { Random } from "../../random.ts";

/** A prompt in its two parts: `prefix` begins the answer. */
export interface ProbeText {
  text: string;
  prefix: string;
  /** Where the hay stands in `text`. */
  hay: { start: number; end: number };
}

/** One question that was drawn. Its hay may have any number of units: words, sentences, documents. */
export interface Draft {
  textOf(units: number): ProbeText;
  fewest: number;
  most: number;
  references: readonly string[];
  /** `all`: the share of the references that is found; `part`: whether any of them is. */
  match: "all" | "part";
  /** Where each reference stands, in percent of the hay, for tasks whose answers stand at one place each. */
  depths?: readonly number[];
}

/** What a question is drawn for. */
export interface Draw {
  random: Random;
  /** Tokens of the prompt with the answer. */
  length: number;
  /** Where to hide what is asked about, in percent, for tasks that have one such place. */
  depth: number;
  /** Of this task and length the how manieth question. */
  sample: number;
}

/** A task: draws questions. */
export type Construction = (draw: Draw) => Draft;

/** From here on RULER's tasks have their full size; below it word lists are smaller. */
export const fullSize = 4096;

/** The depths that RULER hides several needles at: 40 from 0 to 100 %. */
export const manyDepths: readonly number[] = Array.from({ length: 40 }, (_, i) => Math.round((100 * i) / 39));

/** `count` different things in random order. Takes time and memory for `count` things alone. */
export function sampleOf<T>(random: Random, from: readonly T[], count: number): T[] {
  if (count > from.length) throw new RangeError(`expected at most ${from.length} things, got ${count}`);
  // Fisher–Yates of which only the touched places are kept.
  const moved = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const j = i + random.below(from.length - i);
    const chosen = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    return from[chosen]!;
  });
}

/** A template with `{hay}` in it, filled. */
export function fillHay(template: string, hay: string, prefix: string): ProbeText {
  const start = template.indexOf("{hay}");
  const text = template.slice(0, start) + hay + template.slice(start + "{hay}".length);
  return { text, prefix, hay: { start, end: start + hay.length } };
}
