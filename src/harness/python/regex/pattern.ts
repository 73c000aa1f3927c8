import { PatternEffortError } from "./errors.ts";
import { type Effort, Machine } from "./machine.ts";
import type { PatternMatch } from "./match.ts";
import { parsePattern } from "./parse.ts";
import { compile } from "./program.ts";
import { expand, parseReplacement } from "./replacement.ts";

/** Work on one text, and what each of its characters adds to it: about half a second at most. */
const baseEffort = 4_000_000;
const effortPerChar = 200;
/** A pattern that did not end on so many texts is not tried on others. */
const maxUnended = 3;

/**
 * A pattern of Python's `re` for text, with Python's meaning. Its methods throw PatternEffortError where it
 * does not end in the work that it may do: catastrophic patterns fail on a text instead of hanging.
 */
export interface Pattern {
  readonly source: string;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** `re.findall`: whole matches, the one group's texts, or a list of texts a match where there are more. */
  findall(text: string): (string | string[])[];
  /** `re.sub`: `\1` and `\g<name>` in the replacement are groups. `count` 0: all. */
  sub(replacement: string, text: string, count?: number): string;
  /** `re.search`. */
  search(text: string): PatternMatch | undefined;
  /** `re.finditer`. */
  matches(text: string): Iterable<PatternMatch>;
}

/** Throws PatternError for what Python refuses, and for `\N{…}`. */
export function compilePattern(source: string): Pattern {
  const { root, groups, names } = parsePattern(source);
  const program = compile(root, { groups, names });
  let unended = 0;

  function* search(points: Points): Generator<PatternMatch, void, undefined> {
    if (unended >= maxUnended) throw givenUp(source, `on ${unended} texts before`);
    const effort: Effort = { left: baseEffort + effortPerChar * points.codes.length };
    const machine = new Machine(program, points.codes, effort);
    let from = 0;
    let mustAdvance = false;
    try {
      while (from <= points.codes.length && machine.search(from, mustAdvance)) {
        const slots = machine.slots.slice(0, 2 * (groups + 1));
        const [start, end] = [slots[0]!, slots[1]!];
        yield {
          start,
          end,
          group: (index) =>
            slots[2 * index]! < 0 || slots[2 * index + 1]! < slots[2 * index]!
              ? undefined
              : points.slice(slots[2 * index]!, slots[2 * index + 1]!),
        };
        // As Python: where a match was empty, one that is not may begin at the same place.
        mustAdvance = start === end;
        from = end;
      }
    } catch (error) {
      if (!(error instanceof PatternEffortError)) throw error;
      unended++;
      throw givenUp(source, `on a text of ${points.codes.length} characters`);
    }
  }

  return {
    source,
    groups,
    names,
    matches: (text) => search(pointsOf(text)),
    search: (text) => search(pointsOf(text)).next().value ?? undefined,
    findall: (text) =>
      Array.from(search(pointsOf(text)), (match) => {
        if (groups < 2) return match.group(groups) ?? "";
        return Array.from({ length: groups }, (_, i) => match.group(i + 1) ?? "");
      }),
    sub: (replacement, text, count = 0) => {
      const pieces = parseReplacement(replacement, { groups, names });
      const points = pointsOf(text);
      let result = "";
      let from = 0;
      let done = 0;
      for (const match of search(points)) {
        result += points.slice(from, match.start) + expand(pieces, match);
        from = match.end;
        if (++done === count) break;
      }
      return result + points.slice(from, points.codes.length);
    },
  };
}

function givenUp(source: string, where: string): PatternEffortError {
  const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
  return new PatternEffortError(
    `pattern ${JSON.stringify(shown)}: expected one that ends, got one that did not within its work ${where}. ` +
      "Nested repeats such as (a+)+ do this: write it without them.",
  );
}

interface Points {
  codes: Int32Array;
  slice(start: number, end: number): string;
}

/** A text as code points, as Python counts it. */
function pointsOf(text: string): Points {
  if (!/[\ud800-\udbff]/.test(text)) {
    const codes = new Int32Array(text.length);
    for (let i = 0; i < codes.length; i++) codes[i] = text.charCodeAt(i);
    return { codes, slice: (start, end) => text.slice(start, end) };
  }
  const chars = Array.from(text);
  return {
    codes: Int32Array.from(chars, (char) => char.codePointAt(0)!),
    slice: (start, end) => chars.slice(start, end).join(""),
  };
}

/** `re.escape`. */
export function escapePattern(text: string): string {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, "\\$&");
}
