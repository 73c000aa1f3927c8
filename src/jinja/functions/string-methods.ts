import { TemplateRuntimeError } from "../errors.ts";
import { whiteSpace } from "../syntax/lexer.ts";
import { charCount, chars, iterate, sliceIndices } from "../values/iterate.ts";
import type { Run } from "../values/values.ts";
import { type Arguments, PyTuple, type Value } from "../values/values.ts";
import { bind, integerArgument, textArgument } from "./arguments.ts";

type StringMethod = (self: string, given: Arguments, run: Run) => Value;

const blanks = new RegExp(`[${whiteSpace}]+`, "g");
const onlyBlanks = new RegExp(`^[${whiteSpace}]+$`);
const lineBreak = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Without the characters of `set` (white space when it is null) at its start, its end or both. */
export function strip(text: string, set: string | null, side: "both" | "start" | "end"): string {
  if (set === null) return stripBlanks(text, side);
  const all = chars(text);
  const wanted = new Set(set);
  let [start, end] = [0, all.length];
  if (side !== "end") while (start < end && wanted.has(all[start]!)) start++;
  if (side !== "start") while (end > start && wanted.has(all[end - 1]!)) end--;
  return join(all.slice(start, end));
}

/**
 * A regular expression for the end of a text would look at every run of blanks to its end: slow where they
 * are long.
 */
export function stripBlanks(text: string, side: "both" | "start" | "end"): string {
  let [start, end] = [0, text.length];
  if (side !== "end") while (start < end && isBlank(text[start]!)) start++;
  if (side !== "start") while (end > start && isBlank(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const isBlank = (char: string): boolean => onlyBlanks.test(char);

function join(pieces: readonly string[] | string): string {
  return typeof pieces === "string" ? pieces : pieces.join("");
}

const stripping =
  (name: string, side: "both" | "start" | "end"): StringMethod =>
  (self, given, run) => {
    const [set] = bind(name, given, ["chars"]);
    return strip(self, set === undefined || set === null ? null : textArgument(name, set, run), side);
  };

/** Pieces between separators, at most `limit` cuts (below 0: all), cut from the end when `fromEnd`. */
function split(text: string, separator: string, limit: number, fromEnd: boolean): string[] {
  if (separator === "")
    throw new TemplateRuntimeError("split: expected a separator that is not empty, got an empty one");
  const pieces = text.split(separator);
  if (limit < 0 || pieces.length <= limit + 1) return pieces;
  const cut = fromEnd ? pieces.length - limit : limit;
  return fromEnd
    ? [pieces.slice(0, cut).join(separator), ...pieces.slice(cut)]
    : [...pieces.slice(0, cut), pieces.slice(cut).join(separator)];
}

/**
 * Words between white space; once `limit` cuts are made the rest is one piece, white space at its far end
 * included.
 */
function splitBlanks(text: string, limit: number, fromEnd: boolean): string[] {
  if (limit < 0) {
    const stripped = strip(text, null, "both");
    return stripped === "" ? [] : stripped.split(blanks);
  }
  const pieces: string[] = [];
  const step = fromEnd ? -1 : 1;
  // The next character that is looked at stands at `at`, or before it from the end.
  const next = (at: number): string => text.charAt(fromEnd ? at - 1 : at);
  let at = fromEnd ? text.length : 0;
  for (;;) {
    while (next(at) !== "" && isBlank(next(at))) at += step;
    if (next(at) === "") break;
    let end = at;
    if (pieces.length === limit) end = fromEnd ? 0 : text.length;
    else while (next(end) !== "" && !isBlank(next(end))) end += step;
    pieces.push(fromEnd ? text.slice(end, at) : text.slice(at, end));
    at = end;
  }
  return fromEnd ? pieces.reverse() : pieces;
}

const splitting =
  (name: string, fromEnd: boolean): StringMethod =>
  (self, given, run) => {
    const [separator, limit] = bind(name, given, ["sep", "maxsplit"]);
    const cuts = integerArgument(name, limit, -1);
    run.spendText(self.length);
    const pieces =
      separator === undefined || separator === null
        ? splitBlanks(self, cuts, fromEnd)
        : split(self, textArgument(name, separator, run), cuts, fromEnd);
    run.spend(pieces.length);
    return pieces;
  };

/** Index in code points of `found` in UTF-16 units. */
function charIndex(text: string, found: number): number {
  return found < 0 ? found : charCount(text.slice(0, found));
}

/** `find`, `index` … with their optional range. */
const finding =
  (name: string, fromEnd: boolean, mayFail: boolean): StringMethod =>
  (self, given, run) => {
    const [wanted, from, to] = bind(name, given, ["sub", "start", "end"], 1);
    const sub = textArgument(name, wanted, run);
    const { text, offset } = rangeOf(name, self, from, to);
    const found = offset < 0 ? -1 : charIndex(text, fromEnd ? text.lastIndexOf(sub) : text.indexOf(sub));
    if (found < 0 && mayFail)
      throw new TemplateRuntimeError(`${name}: expected a text that is there, got ${sub.slice(0, 40)}`);
    return found < 0 ? -1 : found + offset;
  };

/** The text between two indices in code points, and where it begins; offset −1 where that is past the end. */
function rangeOf(name: string, self: string, from?: Value, to?: Value): { text: string; offset: number } {
  if ((from === undefined || from === null) && (to === undefined || to === null))
    return { text: self, offset: 0 };
  const all = chars(self);
  const clamp = (index: number): number => Math.max(0, index < 0 ? index + all.length : index);
  const start = clamp(integerArgument(name, from, 0));
  const end = Math.min(all.length, clamp(integerArgument(name, to, all.length)));
  if (start > end) return { text: "", offset: -1 };
  return { text: join(all.slice(start, end)), offset: start };
}

/** `startswith` and `endswith`: one text, or a tuple of them. */
const beginning =
  (name: string, atEnd: boolean): StringMethod =>
  (self, given, run) => {
    const [wanted, from, to] = bind(name, given, ["prefix", "start", "end"], 1);
    const { text, offset } = rangeOf(name, self, from, to);
    if (offset < 0) return false;
    const options = wanted instanceof PyTuple ? wanted.items : [wanted!];
    return options.some((option) => {
      const one = textArgument(name, option, run);
      return atEnd ? text.endsWith(one) : text.startsWith(one);
    });
  };

const padding =
  (name: string, side: "start" | "end" | "both"): StringMethod =>
  (self, given, run) => {
    const [width, fill] = bind(name, given, ["width", "fillchar"], 1);
    const char = fill === undefined ? " " : textArgument(name, fill, run);
    if (charCount(char) !== 1)
      throw new TemplateRuntimeError(
        `${name}: expected one character to fill with, got ${char.slice(0, 20)}`,
      );
    return pad(self, integerArgument(name, width), char, side, run);
  };

/** The text with `char` before, after or around it up to so many code points. */
export function pad(
  text: string,
  width: number,
  char: string,
  side: "start" | "end" | "both",
  run: Run,
): string {
  const missing = Math.max(0, width - charCount(text));
  run.spendText(missing);
  if (side === "start") return char.repeat(missing) + text;
  if (side === "end") return text + char.repeat(missing);
  // As CPython: the odd one goes to the left where the width is odd.
  const left = (missing >> 1) + (missing & width & 1);
  return char.repeat(left) + text + char.repeat(missing - left);
}

export function capitalize(text: string): string {
  if (text === "") return "";
  const first = String.fromCodePoint(text.codePointAt(0)!);
  return titleCase(first) + text.slice(first.length).toLowerCase();
}

/** Letters that are two, as upper, title and lower case. */
const digraphs = ["Ǆǅǆ", "Ǉǈǉ", "Ǌǋǌ", "Ǳǲǳ"];

/** Upper case of a word's first letter; a digraph has one of its own. */
function titleCase(char: string): string {
  const digraph = digraphs.find((forms) => forms.includes(char));
  if (digraph !== undefined) return digraph[1]!;
  const upper = char.toUpperCase();
  if (upper.startsWith("ʼ")) return upper;
  return upper.length > char.length ? upper[0]! + upper.slice(1).toLowerCase() : upper;
}

/** Each run of letters with a capital, as `str.title`. */
function title(text: string): string {
  return text.replace(/\p{Cased}[\p{Cased}]*/gu, (word) => {
    const first = String.fromCodePoint(word.codePointAt(0)!);
    return titleCase(first) + word.slice(first.length).toLowerCase();
  });
}

const test =
  (pattern: RegExp): StringMethod =>
  (self) =>
    pattern.test(self);

function hasCase(text: string, wanted: "upper" | "lower"): boolean {
  if (!/\p{Cased}/u.test(text)) return false;
  return wanted === "upper" ? !/[\p{Ll}\p{Lt}]/u.test(text) : !/[\p{Lu}\p{Lt}]/u.test(text);
}

function isTitle(text: string): boolean {
  let [wasCased, found] = [false, false];
  for (const char of text) {
    if (/[\p{Lu}\p{Lt}]/u.test(char)) {
      if (wasCased) return false;
      [wasCased, found] = [true, true];
    } else if (/\p{Ll}/u.test(char)) {
      if (!wasCased) return false;
      found = true;
    } else wasCased = false;
  }
  return found;
}

function splitLines(text: string, keepEnds: boolean): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const { index, 0: end } of text.matchAll(lineBreak)) {
    lines.push(text.slice(from, keepEnds ? index + end.length : index));
    from = index + end.length;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

const partition =
  (name: string, fromEnd: boolean): StringMethod =>
  (self, given, run) => {
    const by = textArgument(name, bind(name, given, ["sep"], 1)[0], run);
    if (by === "")
      throw new TemplateRuntimeError(`${name}: expected a separator that is not empty, got an empty one`);
    const at = fromEnd ? self.lastIndexOf(by) : self.indexOf(by);
    if (at < 0) return new PyTuple(fromEnd ? ["", "", self] : [self, "", ""]);
    return new PyTuple([self.slice(0, at), by, self.slice(at + by.length)]);
  };

/** `text.replace(from, to)`, at most `limit` times (below 0: all). */
export function replace(text: string, from: string, to: string, limit: number, run: Run): string {
  if (limit < 0) {
    const pieces = from === "" ? charCount(text) + 1 : text.split(from).length - 1;
    run.spendText(text.length + pieces * to.length);
    if (from !== "") return text.replaceAll(from, () => to);
  }
  let result = "";
  let at = 0;
  const all = from === "" ? chars(text) : null;
  if (all !== null) {
    let count = 0;
    for (const char of all) result += (limit < 0 || count++ < limit ? to : "") + char;
    result += limit < 0 || count < limit ? to : "";
  } else {
    for (let count = 0; count < limit; count++) {
      const found = text.indexOf(from, at);
      if (found < 0) break;
      result += text.slice(at, found) + to;
      run.spendText(found - at + to.length);
      at = found + from.length;
    }
    result += text.slice(at);
  }
  run.spendText(result.length);
  return result;
}

/**
 * Methods of strings, but those that a sandbox has no use for (`encode`, `translate`, `maketrans`), and
 * `format`.
 */
export const stringMethods: Readonly<Record<string, StringMethod>> = {
  capitalize: (self) => capitalize(self),
  casefold: (self) => self.toLowerCase().replaceAll("ß", "ss"),
  center: padding("center", "both"),
  count: (self, given, run) => {
    const [wanted, from, to] = bind("count", given, ["sub", "start", "end"], 1);
    const sub = textArgument("count", wanted, run);
    const { text, offset } = rangeOf("count", self, from, to);
    if (offset < 0) return 0;
    return sub === "" ? charCount(text) + 1 : text.split(sub).length - 1;
  },
  endswith: beginning("endswith", true),
  expandtabs: (self, given, run) => {
    const size = integerArgument("expandtabs", bind("expandtabs", given, ["tabsize"])[0], 8);
    let column = 0;
    let result = "";
    for (const char of self) {
      const isTab = char === "\t";
      const piece = isTab ? " ".repeat(size > 0 ? size - (column % size) : 0) : char;
      run.spendText(piece.length);
      result += piece;
      column = char === "\n" || char === "\r" ? 0 : column + (isTab ? piece.length : 1);
    }
    return result;
  },
  find: finding("find", false, false),
  index: finding("index", false, true),
  isalnum: test(/^[\p{L}\p{N}]+$/u),
  isalpha: test(/^\p{L}+$/u),
  isascii: test(/^[\x00-\x7f]*$/),
  isdecimal: test(/^\p{Nd}+$/u),
  isdigit: test(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]+$/u),
  isidentifier: test(/^[\p{ID_Start}_][\p{ID_Continue}]*$/u),
  islower: (self) => hasCase(self, "lower"),
  isnumeric: test(/^\p{N}+$/u),
  isprintable: (self) => !/[\p{C}\p{Z}]/u.test(self.replaceAll(" ", "")),
  isspace: test(onlyBlanks),
  istitle: (self) => isTitle(self),
  isupper: (self) => hasCase(self, "upper"),
  join: (self, given, run) => {
    const [items] = bind("join", given, ["iterable"], 1);
    const pieces: string[] = [];
    for (const item of iterate(items!, run)) pieces.push(textArgument("join", item, run));
    const text = pieces.join(self);
    run.spendText(text.length);
    return text;
  },
  ljust: padding("ljust", "end"),
  lower: (self) => self.toLowerCase(),
  lstrip: stripping("lstrip", "start"),
  partition: partition("partition", false),
  removeprefix: (self, given, run) => {
    const prefix = textArgument("removeprefix", bind("removeprefix", given, ["prefix"], 1)[0], run);
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self, given, run) => {
    const suffix = textArgument("removesuffix", bind("removesuffix", given, ["suffix"], 1)[0], run);
    return suffix !== "" && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  replace: (self, given, run) => {
    const [from, to, count] = bind("replace", given, ["old", "new", "count"], 2);
    const limit = integerArgument("replace", count, -1);
    return replace(self, textArgument("replace", from, run), textArgument("replace", to, run), limit, run);
  },
  rfind: finding("rfind", true, false),
  rindex: finding("rindex", true, true),
  rjust: padding("rjust", "start"),
  rpartition: partition("rpartition", true),
  rsplit: splitting("rsplit", true),
  rstrip: stripping("rstrip", "end"),
  split: splitting("split", false),
  splitlines: (self, given) => {
    const [keep] = bind("splitlines", given, ["keepends"]);
    return splitLines(self, keep === true || (typeof keep === "number" && keep !== 0));
  },
  startswith: beginning("startswith", false),
  strip: stripping("strip", "both"),
  swapcase: (self) =>
    self.replace(/\p{Cased}/gu, (char) =>
      char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase(),
    ),
  title: (self) => title(self),
  upper: (self) => self.toUpperCase(),
  zfill: (self, given, run) => {
    const width = integerArgument("zfill", bind("zfill", given, ["width"], 1)[0]);
    const sign = /^[+-]/.exec(self)?.[0] ?? "";
    const missing = Math.max(0, width - charCount(self));
    run.spendText(missing);
    return sign + "0".repeat(missing) + self.slice(sign.length);
  },
};

/** Characters of a text by slice. */
export function sliceText(
  text: string,
  start: number | undefined,
  stop: number | undefined,
  step: number,
  run: Run,
): string {
  const all = chars(text);
  run.spendText(text.length);
  if (step === 1 && typeof all === "string" && (start ?? 0) >= 0 && (stop ?? 0) >= 0)
    return all.slice(start, stop);
  return sliceIndices(all.length, start, stop, step)
    .map((at) => all[at]!)
    .join("");
}
