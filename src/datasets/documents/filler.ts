import { sentenceRanges } from "../synthesize/sentences.ts";
import type { BuildContext, BuilderDocument } from "./builder.ts";

/**
 * Whole sentences of a document, and of others of its split where it is too short, of about `chars`
 * characters in all. Each piece comes from one document.
 */
export function fillerOf(
  document: BuilderDocument,
  chars: number,
  context: BuildContext,
  key: string,
): string[] {
  const pieces: string[] = [];
  let left = chars;
  const add = (text: string) => {
    const piece = headOf(text, left);
    if (piece === "") return;
    pieces.push(piece);
    left -= piece.length;
  };
  add(document.text);
  if (left > 0.02 * chars) {
    for (const other of context.others(document, key)) {
      add(other.text);
      if (left <= 0.02 * chars) break;
    }
  }
  return pieces;
}

/** The first sentences of a text, at most `chars` characters; "" when the first is longer. */
export function headOf(text: string, chars: number): string {
  if (text.length <= chars) return text.trim();
  // Only as far as is needed: texts are far longer than what is taken of them.
  const last = sentenceRanges(text.slice(0, chars + 2_000)).findLast(({ end }) => end <= chars);
  return last ? text.slice(0, last.end).trim() : "";
}

/** `line` put between the two sentences nearest to `depth` (0 the start, 1 the end) of a text. */
export function putAt(text: string, line: string, depth: number): { text: string; start: number } {
  const wanted = depth * text.length;
  const starts = [...sentenceRanges(text).map(({ start }) => start), text.length];
  const at = starts.reduce(
    (best, start) => (Math.abs(start - wanted) < Math.abs(best - wanted) ? start : best),
    0,
  );
  const before = at === text.length && text !== "" ? `${text} ` : text.slice(0, at);
  return { text: `${before}${line} ${text.slice(at)}`.trimEnd(), start: before.length };
}
