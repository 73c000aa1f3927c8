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
