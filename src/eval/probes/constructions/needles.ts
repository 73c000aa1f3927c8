import { randomOf } from "../../../random.ts";
import type { TextHay } from "../hay.ts";
import { type Construction, fillHay, manyDepths, type ProbeText, sampleOf } from "../probe.ts";
import { adjectives, nouns } from "../words.ts";

export type Kind = "words" | "numbers" | "uuids";

export interface Needles {
  /** `text`: running text; `noise`: five sentences over and over; `needles`: other keys with values. */
  hay: "text" | "noise" | "needles";
  keys: Kind;
  values: Kind;
  /** How many keys are hidden, how many values each has, and about how many of them is asked. */
  hidden: number;
  valuesEach: number;
  asked: number;
}

const noise = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

/**
 * Values hidden in a text, to be given back for their keys: RULER's niah tasks (arXiv 2404.06654). One key
 * stands at the depth that was asked for, several at depths of their own.
 */
export function needleTask(spec: Needles, hay: TextHay): Construction {
  return ({ random, depth }) => {
    const keys = differing(spec.hidden, () => drawn(random, spec.keys));
    const values = keys.map(() => differing(spec.valuesEach, () => drawn(random, spec.values)));
    const asked = sampleOf(
      random,
      keys.map((_, i) => i),
      spec.asked,
    );
    const isSingle = spec.asked * spec.valuesEach === 1;
    // The one that is asked about stands where it was asked for, all others somewhere else.
    const others = manyDepths.filter((one) => !isSingle || one !== depth);
    const places = sampleOf(random, others, spec.hidden * spec.valuesEach).values();
    const needles = keys.flatMap((key, i) =>
      values[i]!.map((value) => {
        const own = places.next().value!;
        return { key, value, depth: isSingle && i === asked[0] ? depth : own, isAsked: asked.includes(i) };
      }),
    );
    const answers = asked.flatMap((i) => needles.filter(({ key }) => key === keys[i]));
    const inOrder = needles
      .toSorted((a, b) => a.depth - b.depth)
      .map((one) => ({ depth: one.depth, text: needleText(spec.values, one.key, one.value) }));
    const fromWord = random.below(hay.words);
    const ownSeed = random.below(2 ** 31);
    const isTaken = new Set(keys);
    const lines =
      spec.hay === "noise"
        ? () => noise
        : lineMaker(ownSeed, () => (r) => {
            let key = drawn(r, spec.keys);
            while (isTaken.has(key)) key = drawn(r, spec.keys);
            return needleText(spec.values, key, drawn(r, spec.values));
          });
    const queries = asked.map((i) => keys[i]!);
    return {
      fewest: 0,
      most: Number.POSITIVE_INFINITY,
      references: answers.map(({ value }) => value),
      depths: answers.map((one) => one.depth),
      match: "all",
      textOf(units): ProbeText {
        const context =
          spec.hay === "text" ? inText(hay, fromWord, units, inOrder) : inLines(lines, units, inOrder);
        return prompt(spec, queries, isSingle, context);
      },
    };
  };
}

interface Placed {
  depth: number;
  text: string;
}

/** Needles between sentences of a text of `units` words: each before the sentence that its depth is in. */
function inText(hay: TextHay, from: number, units: number, needles: readonly Placed[]): string {
  const first = lastAtMost(hay.sentences, from);
  const start = hay.sentences[first]!;
  const parts: string[] = [];
  let at = 0;
  for (const { depth, text } of needles) {
    const wanted = Math.round((units * depth) / 100);
    const to = depth === 100 ? units : Math.max(at, sentenceBefore(hay, start, wanted));
    if (to > at) parts.push(hay.slice(start + at, to - at));
    parts.push(text);
    at = to;
  }
  if (units > at) parts.push(hay.slice(start + at, units - at));
  return parts.join(" ");
}

/** The last beginning of a sentence at or before `wanted` words after `start`, as words after `start`. */
function sentenceBefore({ words, sentences }: TextHay, start: number, wanted: number): number {
  const place = (start + wanted) % words;
  const found = sentences[lastAtMost(sentences, place)]!;
  return Math.max(0, wanted - (place - found));
}

function lastAtMost(sorted: readonly number[], most: number): number {
  let [low, high] = [0, sorted.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= most) low = middle;
    else high = middle;
  }
  return low;
}

function inLines(line: (i: number) => string, units: number, needles: readonly Placed[]): string {
  const lines: string[] = [];
  let at = 0;
  for (const { depth, text } of needles) {
    for (const to = Math.round((units * depth) / 100); at < to; at++) lines.push(line(at));
    lines.push(text);
  }
  for (; at < units; at++) lines.push(line(at));
  return lines.join("\n");
}

/** Lines that are the same for every length: the i-th is drawn once, after those before it. */
function lineMaker(
  seed: number,
  create: () => (random: ReturnType<typeof randomOf>) => string,
): (i: number) => string {
  const random = randomOf(seed, "hay");
  const draw = create();
  const made: string[] = [];
  return (i) => {
    while (made.length <= i) made.push(draw(random));
    return made[i]!;
  };
}

function needleText(values: Kind, key: string, value: string): string {
  return `One of the special magic ${values} for ${key} is: ${value}.`;
}

function prompt(
  { values: kind }: Needles,
  queries: readonly string[],
  isSingle: boolean,
  context: string,
): ProbeText {
  const query =
    queries.length === 1 ? queries[0]! : `${queries.slice(0, -1).join(", ")}, and ${queries.at(-1)}`;
  const type = isSingle ? kind.slice(0, -1) : kind;
  const [some, are, all] = isSingle ? ["A", "is", "is"] : ["Some", "are", "are all"];
  return fillHay(
    `${some} special magic ${type} ${are} hidden within the following text. Make sure to memorize it. I will ` +
      `quiz you about the ${type} afterwards.\n{hay}\nWhat ${all} the special magic ${type} for ${query} ` +
      "mentioned in the provided text?",
    context,
    `The special magic ${type} for ${query} mentioned in the provided text ${are}`,
  );
}

function drawn(random: ReturnType<typeof randomOf>, kind: Kind): string {
  if (kind === "numbers") return String(1_000_000 + random.below(9_000_000));
  if (kind === "words")
    return `${adjectives[random.below(adjectives.length)]}-${nouns[random.below(nouns.length)]}`;
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16));
  hex[12] = "4";
  hex[16] = "89ab"[random.below(4)]!;
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function differing(count: number, draw: () => string): string[] {
  const found = new Set<string>();
  while (found.size < count) found.add(draw());
  return [...found];
}
