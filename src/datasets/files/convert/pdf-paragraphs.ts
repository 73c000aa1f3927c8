/** A piece of a page's text, where it stands and how large, as a PDF has it: y grows upwards. */
export interface PdfItem {
  str: string;
  x: number;
  y: number;
  height: number;
  fontSize: number;
  hasEOL: boolean;
}

interface Line {
  text: string;
  x: number;
  y: number;
  size: number;
}

/**
 * Pages as paragraphs with an empty line between them. Lines are put together again: a PDF knows where each
 * stands, not where a paragraph ends. That is where the space below a line or the size of its letters
 * differs, or the next line is indented. A word that is divided at the end of a line is made whole. Page
 * numbers and lines that stand at the edge of most pages are left out and counted.
 */
export function pagesAsText(pages: readonly (readonly PdfItem[])[]): { text: string; leftOut: number } {
  const all = pages.map(linesOf);
  const running = runningLines(all);
  let leftOut = 0;
  const kept = all.map((lines) => {
    const own = lines.filter((line, i) => !isFurniture(line, i, lines.length, running));
    leftOut += lines.length - own.length;
    return own;
  });
  const pitch = usual(kept.flatMap((lines) => lines.slice(1).map((line, i) => lines[i]!.y - line.y)));
  const paragraphs: string[] = [];
  for (const lines of kept) {
    for (const [i, line] of lines.entries()) {
      const above = lines[i - 1];
      const last = paragraphs.at(-1);
      const goesOn =
        last !== undefined &&
        (above ? !isNewParagraph(above, line, pitch) : startsInSentence(last, line.text));
      if (goesOn) paragraphs[paragraphs.length - 1] = joined(last, line.text);
      else paragraphs.push(line.text);
    }
  }
  return { text: paragraphs.join("\n\n"), leftOut };
}

function linesOf(items: readonly PdfItem[]): Line[] {
  const lines: Line[] = [];
  let open: Line | undefined;
  for (const { str, x, y, height, fontSize, hasEOL } of items) {
    const size = fontSize || height;
    // A line ends where the file says so, or where the next piece stands on another.
    if (open && str.trim() !== "" && Math.abs(open.y - y) > Math.max(open.size, size, 1) / 2) {
      lines.push(open);
      open = undefined;
    }
    if (open) open.text += str;
    else if (str.trim() !== "") open = { text: str, x, y, size };
    if (hasEOL && open) {
      lines.push(open);
      open = undefined;
    }
  }
  if (open) lines.push(open);
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, " ").trim() }));
}

/** The first and the last two lines of a page are at its edge. */
const isAtEdge = (i: number, count: number): boolean => i < 2 || i >= count - 2;

/** The same from page to page, whatever the page's number is. */
const withoutNumbers = (text: string): string => text.replace(/\d+/g, "#");

/** Lines at the edge of at least three pages and of half of all. */
function runningLines(pages: readonly (readonly Line[])[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const lines of pages) {
    const edges = lines.filter((_, i) => isAtEdge(i, lines.length));
    for (const text of new Set(edges.map((line) => withoutNumbers(line.text))))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const least = Math.max(3, pages.length / 2);
  return new Set([...counts].filter(([, count]) => count >= least).map(([text]) => text));
}

function isFurniture({ text }: Line, i: number, count: number, running: ReadonlySet<string>): boolean {
  if (!isAtEdge(i, count)) return false;
  const isPageNumber = /^([-–—]\s*)?(page\s+)?(\d{1,4}|[ivxlc]{1,6})(\s*(\/|of)\s*\d{1,4})?(\s*[-–—])?$/i;
  return ((i === 0 || i === count - 1) && isPageNumber.test(text)) || running.has(withoutNumbers(text));
}

/** The distance of most lines from the next; 0 where there is none. */
function usual(gaps: readonly number[]): number {
  const sorted = gaps.filter((gap) => gap > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function isNewParagraph(above: Line, line: Line, pitch: number): boolean {
  const gap = above.y - line.y;
  // A column that begins goes on at the top.
  if (gap < 0) return !startsInSentence(above.text, line.text);
  const isOtherSize = Math.abs(above.size - line.size) > 0.15 * Math.max(above.size, line.size);
  const isIndented = line.x - above.x > 0.8 * line.size && line.x - above.x < 6 * line.size;
  const isListed = /^([•◦▪‣*–-]|\(?\d{1,3}[.)])\s/.test(line.text);
  return gap > 1.4 * pitch || isOtherSize || isListed || (isIndented && /[.!?:"”]$/.test(above.text));
}

/** Whether a text on another page or column is the same sentence going on. */
function startsInSentence(before: string, text: string): boolean {
  return /[^.!?:"”)\]]$/.test(before) && /^[\p{Ll}\d,;(]/u.test(text);
}

function joined(before: string, text: string): string {
  const isDivided = /\p{L}[-\u00ad\u2010]$/u.test(before) && /^\p{Ll}/u.test(text);
  return isDivided ? before.slice(0, -1) + text : `${before} ${text}`;
}
