import { TemplateRuntimeError } from "../errors.ts";
import { escapeHtml } from "../syntax/escapes.ts";
import { whiteSpace } from "../syntax/lexer.ts";
import { isNumber, isTrue, order } from "../values/compare.ts";
import { charCount, iterate, lengthOf } from "../values/iterate.ts";
import { formatFloat } from "../values/number-format.ts";
import { numberOf } from "../values/numbers.ts";
import { repr, toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  isInteger,
  isList,
  isString,
  PyDict,
  PyIterator,
  PyUndefined,
  type Value,
} from "../values/values.ts";
import { bind, integerArgument, textArgument } from "./arguments.ts";
import { stringMethods, strip } from "./string-methods.ts";

/** A filter of a value, with what it is given in brackets. */
export type Filter = (value: Value, given: Arguments, run: Run) => Value;

const none = { positional: [], named: new Map<string, Value>() };

function linesOf(text: string, run: Run): string[] {
  return stringMethods.splitlines!(text, none, run) as string[];
}

const indent: Filter = (value, given, run) => {
  const [width = 4, first = false, blank = false] = bind("indent", given, ["width", "first", "blank"]);
  const by = isString(width)
    ? toText(width, run)
    : " ".repeat(Math.max(0, Math.min(10_000, integerArgument("indent", width))));
  const lines = linesOf(`${textArgument("indent", value, run)}\n`, run);
  run.spendText(lines.length * by.length);
  const [head = "", ...rest] = lines;
  const others = rest.map((line) => (line !== "" || isTrue(blank) ? by + line : line));
  return (isTrue(first) ? by : "") + [head, ...others].join("\n");
};

const truncate: Filter = (value, given, run) => {
  const [length, killWords = false, end = "...", leeway] = bind("truncate", given, [
    "length",
    "killwords",
    "end",
    "leeway",
  ]);
  const ellipsis = textArgument("truncate", end, run);
  const most = integerArgument("truncate", length, 255);
  const slack = integerArgument("truncate", leeway, 5);
  const room = most - charCount(ellipsis);
  if (room < 0 || slack < 0)
    throw new TemplateRuntimeError("truncate: expected a length that its end fits in, got a shorter one");
  const size = lengthOf(value);
  if (size !== undefined && size <= most + slack) return value;
  const text = Array.from(textArgument("truncate", value, run));
  const cut = text.slice(0, room).join("");
  if (isTrue(killWords)) return cut + ellipsis;
  const blank = cut.lastIndexOf(" ");
  return (blank < 0 ? cut : cut.slice(0, blank)) + ellipsis;
};

const title: Filter = (value, _given, run) =>
  toText(value, run)
    .split(new RegExp(`([-({[<${whiteSpace}]+)`))
    .map((piece) => {
      const first = piece === "" ? "" : String.fromCodePoint(piece.codePointAt(0)!);
      return first.toUpperCase() + piece.slice(first.length).toLowerCase();
    })
    .join("");

const units = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

const filesizeformat: Filter = (value, given, run) => {
  const [binary = false] = bind("filesizeformat", given, ["binary"]);
  const text = toText(value, run);
  const bytes = isNumber(value) ? numberOf(value) : Number(text);
  if (text === "" || Number.isNaN(bytes))
    throw new TemplateRuntimeError(`filesizeformat: expected a number, got ${text.slice(0, 40)}`);
  const base = isTrue(binary) ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  for (const [i, unit] of units.entries()) {
    const next = base ** (i + 2);
    if (bytes < next || i === units.length - 1) {
      const name = isTrue(binary) ? `${unit === "k" ? "K" : unit}iB` : `${unit}B`;
      return `${formatFloat((base * bytes) / next, "f", 1)} ${name}`;
    }
  }
  return text;
};

function quoteUrl(value: Value, isQuery: boolean, run: Run): string {
  const quoted = encodeURIComponent(toText(value, run).toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return isQuery ? quoted.replaceAll("%20", "+") : quoted.replaceAll("%2F", "/");
}

const urlencode: Filter = (value, _given, run) => {
  const isPairs = !isString(value) && (value instanceof PyIterator || lengthOf(value) !== undefined);
  if (!isPairs) return quoteUrl(value, false, run);
  const pairs =
    value instanceof PyDict
      ? [...value.entries()]
      : Array.from(iterate(value, run), (item) => [...iterate(item, run)]);
  if (pairs.some((pair) => pair.length !== 2))
    throw new TemplateRuntimeError("urlencode: expected pairs, got something else");
  return pairs
    .map(([key = "", item = ""]) => `${quoteUrl(key, true, run)}=${quoteUrl(item, true, run)}`)
    .join("&");
};

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/** Without what stands between two marks, marks included; a first one without its second stays. */
function withoutBetween(text: string, open: string, close: string): string {
  let result = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return result + text.slice(at);
    result += text.slice(at, start);
    at = end + close.length;
  }
}

const striptags: Filter = (value, _given, run) => {
  const text = withoutBetween(withoutBetween(toText(value, run), "<!--", "-->"), "<", ">");
  const words = strip(text, null, "both").split(new RegExp(`[${whiteSpace}]+`));
  return words
    .join(" ")
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? all;
      const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    });
};

const xmlattr: Filter = (value, given, run) => {
  const [space = true] = bind("xmlattr", given, ["autospace"]);
  if (!(value instanceof PyDict))
    throw new TemplateRuntimeError("xmlattr: expected a dict, got another value");
  const escaped = (item: Value): string => escapeHtml(toText(item, run));
  const pairs: string[] = [];
  for (const [key, item] of value.entries()) {
    if (item === null || item instanceof PyUndefined) continue;
    const name = toText(key, run);
    if (/[\s/>=]/.test(name))
      throw new TemplateRuntimeError(`xmlattr: expected a name of an attribute, got ${repr(name, run)}`);
    pairs.push(`${escaped(name)}="${escaped(item)}"`);
  }
  return (isTrue(space) && pairs.length > 0 ? " " : "") + pairs.join(" ");
};

/** Characters of a word, letters, and white space as Python's textwrap has them. */
const [wordPart, letter, wrapBlank] = ["[\\p{L}\\p{N}_!\"'&.,?]", "[\\p{L}_]", "[\\t\\n\\v\\f\\r ]"];
const hyphen = `-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})`;
const wrapPieces = new RegExp(
  `${wrapBlank}+|(?<=${wordPart})-{2,64}(?=[\\p{L}\\p{N}_])|[^\\t\\n\\v\\f\\r ]+?(?:${hyphen}|(?=${wrapBlank}|$)|(?<=${wordPart})(?=-{2,64}[\\p{L}\\p{N}_]))`,
  "gu",
);

const wordwrap: Filter = (value, given, run) => {
  const [width, breakLong = true, wrapString = "\n", onHyphens = true] = bind("wordwrap", given, [
    "width",
    "break_long_words",
    "wrapstring",
    "break_on_hyphens",
  ]);
  const room = integerArgument("wordwrap", width, 79);
  const end = wrapString === null ? "\n" : textArgument("wordwrap", wrapString, run);
  if (room <= 0) throw new TemplateRuntimeError("wordwrap: expected a width above 0, got another");
  const options = { room, breaksLong: isTrue(breakLong), onHyphens: isTrue(onHyphens) };
  return linesOf(textArgument("wordwrap", value, run), run)
    .map((line) => wrapLine(line, options, run).join(end))
    .join(end);
};

interface WrapOptions {
  room: number;
  breaksLong: boolean;
  onHyphens: boolean;
}

function wrapLine(line: string, { room, breaksLong, onHyphens }: WrapOptions, run: Run): string[] {
  run.spendText(line.length * 4);
  const pieces = (line.match(onHyphens ? wrapPieces : /[\t\n\v\f\r ]+|[^\t\n\v\f\r ]+/g) ?? []).reverse();
  const lines: string[] = [];
  while (pieces.length > 0) {
    if (lines.length > 0 && pieces.at(-1)!.trim() === "") pieces.pop();
    const current: string[] = [];
    let used = 0;
    while (pieces.length > 0 && used + charCount(pieces.at(-1)!) <= room) {
      used += charCount(pieces.at(-1)!);
      current.push(pieces.pop()!);
    }
    if (pieces.length > 0 && charCount(pieces.at(-1)!) > room) {
      const long = Array.from(pieces.pop()!);
      run.spend(long.length);
      const space = breaksLong ? Math.max(1, room - used) : long.length;
      if (breaksLong || current.length === 0) current.push(long.slice(0, space).join(""));
      else pieces.push(long.join(""));
      if (breaksLong && long.length > space) pieces.push(long.slice(space).join(""));
    }
    if (current.at(-1)?.trim() === "") current.pop();
    if (current.length > 0) lines.push(current.join(""));
  }
  return lines;
}

/** Dicts in order of their keys, as pprint writes them. */
function withSortedKeys(value: Value, run: Run): Value {
  if (isList(value)) return value.map((item) => withSortedKeys(item, run));
  if (!(value instanceof PyDict)) return value;
  const pairs = Array.from(value.entries(), ([key, item]) => [key, withSortedKeys(item, run)] as const);
  return PyDict.of(pairs.sort(([a], [b]) => (typeof a === typeof b ? order(a, b, run) : 0)));
}

/** Filters of text that HTML and mail templates have more than chats do. */
export const textFilters: Readonly<Record<string, Filter>> = {
  filesizeformat,
  indent,
  pprint: (value, _given, run) => {
    const text = repr(withSortedKeys(value, run), run);
    if (charCount(text) > 80 && !isString(value) && !isInteger(value))
      throw new TemplateRuntimeError(
        "pprint: expected a value that fits on a line of 80 characters, got a longer one",
      );
    return text;
  },
  striptags,
  title,
  trim: (value, given, run) => {
    const [set = null] = bind("trim", given, ["chars"]);
    return strip(toText(value, run), set === null ? null : textArgument("trim", set, run), "both");
  },
  truncate,
  urlencode,
  wordcount: (value, _given, run) => toText(value, run).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  wordwrap,
  xmlattr,
};
