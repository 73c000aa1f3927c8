import { cleanText } from "../../src/quote.ts";
import { isWide } from "../ascii.ts";

/**
 * A text of any length as lines of at most so many columns, with its own line breaks: broken at blanks where
 * there are some, and by the columns that characters take. Marks that would move the cursor are taken out.
 */
export function fold(text: string, columns: number): string[] {
  const most = Math.max(2, columns);
  return cleanText(text)
    .split("\n")
    .flatMap((line) => foldLine(line, most));
}

function foldLine(line: string, most: number): string[] {
  // Of these each takes one column, and most texts have no others.
  if (line.length <= most && /^[\x20-\x7e]*$/.test(line)) return [line];
  const lines: string[] = [];
  let [current, width, blankAt] = ["", 0, -1];
  for (const char of line) {
    const own = columnsOf(char);
    if (width + own > most) {
      const isBroken = char !== " " && blankAt > 0;
      lines.push(isBroken ? current.slice(0, blankAt) : current);
      current = isBroken ? current.slice(blankAt + 1) : "";
      width = isBroken ? [...current].reduce((sum, one) => sum + columnsOf(one), 0) : 0;
      blankAt = -1;
      if (char === " ") continue;
    }
    if (char === " ") blankAt = current.length;
    current += char;
    width += own;
  }
  return [...lines, current];
}

function columnsOf(char: string): number {
  if (/\p{Mark}/u.test(char)) return 0;
  return isWide(char.codePointAt(0)!) ? 2 : 1;
}

/** A text on one line of at most so many columns: its end where `isEnd`, as what is asked stands there. */
export function oneLine(text: string, columns: number, isEnd = false): string {
  const chars = [...cleanText(text).replace(/\s+/g, " ").trim()];
  if (isEnd) chars.reverse();
  const kept: string[] = [];
  let width = 0;
  for (const char of chars) {
    width += columnsOf(char);
    if (width > columns) {
      while (kept.length > 0 && width > columns - 1 + columnsOf(char)) width -= columnsOf(kept.pop()!);
      kept.push("…");
      break;
    }
    kept.push(char);
  }
  return (isEnd ? kept.reverse() : kept).join("");
}
