import { glyphs } from "./theme.ts";

/**
 * As many facts as fit into `width` characters, from the first on, separated by dots. The first is always
 * included; the caller cuts it.
 */
export function joinFacts(facts: readonly string[], width: number): string {
  let line = "";
  for (const fact of facts) {
    const longer = line === "" ? fact : `${line}${glyphs.separator}${fact}`;
    if (line !== "" && longer.length > width) break;
    line = longer;
  }
  return line;
}

/**
 * Wraps text to lines of at most `width` characters and keeps its own line breaks and indents. Unlike with
 * Ink's wrapping, no line starts with a space. Longer words, and lines with wide characters, are left to Ink.
 */
export function wrapText(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => {
      const [indent = ""] = /^ */.exec(line) ?? [];
      const lines: string[] = [];
      let current = indent;
      for (const word of line.slice(indent.length).split(/ +/)) {
        if (current.trim() !== "" && current.length + 1 + word.length > width) {
          lines.push(current);
          current = indent + word;
        } else current = current.trim() === "" ? current + word : `${current} ${word}`;
      }
      return [...lines, current].join("\n");
    })
    .join("\n");
}

/** The most frequent reasons: `too_short 14, schema 10, 2 more reasons`. */
export function topReasons(reasons: Readonly<Record<string, number>>, most = 3): string {
  const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, most).map(([reason, count]) => `${reason} ${count.toLocaleString("en-US")}`);
  const rest = sorted.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more reason${rest === 1 ? "" : "s"}`] : [])].join(", ");
}

/**
 * Splits a command into lines of at most `width` characters that a POSIX shell reads as one: between words,
 * with a backslash, never inside quotes. A single word may be longer.
 */
export function wrapCommand(command: string, width: number): string[] {
  const words = command.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]|['"\\])+/g) ?? [];
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line.trim() !== "" && line.length + 1 + word.length > width - 2) {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
