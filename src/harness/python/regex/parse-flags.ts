import type { Flags } from "./parse-class.ts";
import type { Source } from "./source.ts";

const names: Readonly<Record<string, keyof Flags>> = {
  a: "ascii",
  i: "ignoreCase",
  m: "multiline",
  s: "dotAll",
  x: "verbose",
};

/**
 * Reads `i-s:` or `is)` after `(?`. Returns the flags of a part; undefined where they are for the whole
 * pattern: then `outer` has them.
 */
export function parseFlags(source: Source, outer: Flags): Flags | undefined {
  const added = read(source, "aiLmsux");
  const flags = withFlags(source, outer, added);
  const end = source.take();
  if (end === ")" && added !== "") {
    if (outer.ascii && added.includes("u")) source.fail("one of the flags a and u", "both");
    Object.assign(outer, flags);
    return undefined;
  }
  if (end === ":" && added !== "") return flags;
  if (end !== "-") source.fail("a group that Python knows, or flags of a i m s u x", shown(end));
  const removed = read(source, "imsx");
  if (removed === "" || !source.takes(":"))
    source.fail("flags to turn off (i m s x), then :", shown(source.next));
  for (const char of removed) {
    if (added.includes(char)) source.fail("a flag on or off", `${char} both`);
    flags[names[char]!] = false;
  }
  return flags;
}

function read(source: Source, set: string): string {
  return source.takeWhile(Number.POSITIVE_INFINITY, set);
}

function withFlags(source: Source, outer: Flags, added: string): Flags {
  if (added.includes("L")) source.fail("flags of text", "L, which is for bytes");
  if (added.includes("a") && added.includes("u")) source.fail("one of the flags a and u", "both");
  const flags = { ...outer };
  for (const char of added) if (char !== "u") flags[names[char]!] = true;
  if (added.includes("u")) flags.ascii = false;
  return flags;
}

function shown(char: string): string {
  return char === "" ? "the pattern's end" : JSON.stringify(char);
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name);
}
