import type { PatternMatch } from "./match.ts";
import { isIdentifier } from "./parse-flags.ts";
import { Source } from "./source.ts";

/** Pieces of a replacement: text, or the number of a group. */
export type Replacement = readonly (string | number)[];

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** What `re.sub` puts in place of a match: `\1`, `\g<name>`, `\n`. Throws PatternError as Python does. */
export function parseReplacement(
  text: string,
  { groups, names }: { groups: number; names: ReadonlyMap<string, number> },
): Replacement {
  const source = new Source(text);
  const pieces: (string | number)[] = [];
  const group = (number: number): number =>
    number > groups ? source.fail(`a group of the pattern, which has ${groups}`, `${number}`) : number;
  while (!source.isAtEnd) {
    const char = source.take();
    if (char !== "\\") {
      pieces.push(char);
      continue;
    }
    const escaped = source.take();
    if (escaped === "") source.fail("a character after \\", "the end");
    if (escaped === "g") {
      if (!source.takes("<")) source.fail("\\g<name>", `\\g${source.next}`);
      const name = source.takeUntil(">", "a group's name");
      if (isIdentifier(name)) pieces.push(names.get(name) ?? source.fail("a group's name", name));
      else if (/^[0-9]+$/.test(name)) pieces.push(group(Number(name)));
      else source.fail("a group's name or number", JSON.stringify(name));
    } else if (escaped === "0") {
      pieces.push(String.fromCharCode(Number.parseInt(escaped + source.takeWhile(2, "01234567"), 8) & 0xff));
    } else if (/[1-9]/.test(escaped)) {
      const digits = escaped + source.takeWhile(1, "0123456789");
      if (!/^[0-7]{2}$/.test(digits) || !/^[0-7]$/.test(source.next)) {
        pieces.push(group(Number(digits)));
        continue;
      }
      const code = Number.parseInt(digits + source.take(), 8);
      if (code > 0o377) source.fail("an octal escape of at most \\377", `\\${code.toString(8)}`);
      pieces.push(String.fromCharCode(code));
    } else if (Object.hasOwn(escapes, escaped)) pieces.push(escapes[escaped]!);
    else if (/[A-Za-z]/.test(escaped)) source.fail("an escape that Python knows", `\\${escaped}`);
    else pieces.push(`\\${escaped}`);
  }
  return pieces;
}

export function expand(replacement: Replacement, match: PatternMatch): string {
  return replacement
    .map((piece) => (typeof piece === "string" ? piece : (match.group(piece) ?? "")))
    .join("");
}
