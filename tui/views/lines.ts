import { wrapText } from "../facts.ts";
import type { Theme } from "../theme.ts";

/** A piece of a line, with the role of its text: how it looks is the theme's. */
export interface Piece {
  readonly text: string;
  readonly role?: keyof Theme;
}

/** One row of the screen. */
export type Line = readonly Piece[];

/** What a view shows: rows that stay, and rows that scroll below them. */
export interface View {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
}

export const blank: Line = [];

export function plain(text: string, role?: keyof Theme): Line {
  return [role ? { text, role } : { text }];
}

/** A text of any length behind a name of a fixed width; it goes on below itself. */
export function named(
  name: Piece,
  text: string,
  nameWidth: number,
  width: number,
  role?: keyof Theme,
): Line[] {
  // A name that would touch the text has a line of its own.
  if (name.text.length >= nameWidth && name.text.length > 0) {
    return [[name], ...named({ ...name, text: "" }, text, nameWidth, width, role)];
  }
  return wrapText(text, Math.max(1, width - nameWidth))
    .split("\n")
    .flatMap((line) => cut(line, Math.max(1, width - nameWidth)))
    .map((line, i) => [
      { ...name, text: (i === 0 ? name.text : "").padEnd(nameWidth) },
      role ? { text: line, role } : { text: line },
    ]);
}

/** Words longer than a line are cut into lines. */
function cut(line: string, width: number): string[] {
  const chars = [...line];
  if (chars.length <= width) return [line];
  return Array.from({ length: Math.ceil(chars.length / width) }, (_, i) =>
    chars.slice(i * width, (i + 1) * width).join(""),
  );
}

/** The first `rows` of some lines; where more follow, the last one ends with a sign of it. */
export function clipped(lines: readonly Line[], rows: number, width: number): Line[] {
  const shown = lines.slice(0, rows);
  const last = shown.at(-1);
  if (!last || shown.length === lines.length) return shown;
  const pieces = last.slice(0, -1);
  const end = last.at(-1) ?? { text: "" };
  const room = Math.max(0, width - 2 - pieces.reduce((sum, { text }) => sum + text.length, 0));
  return [...shown.slice(0, -1), [...pieces, { ...end, text: `${end.text.slice(0, room).trimEnd()} …` }]];
}
