import { formatCount } from "../../src/format.ts";
import { type Line, plain, type View } from "./lines.ts";

export interface Scrolled {
  lines: Line[];
  /** The offset at which the last line is in sight. */
  most: number;
  /** Lines of the body in sight: what a page is. */
  page: number;
}

/** The rows of a view that are in sight from `offset` on, and a row that says how much is not. */
export function scrolled({ head, body }: View, offset: number, rows: number): Scrolled {
  const room = Math.max(1, rows - head.length);
  if (body.length <= room) return { lines: [...head, ...body].slice(0, rows), most: 0, page: room };
  const page = Math.max(1, room - 1);
  const most = body.length - page;
  const from = Math.min(most, Math.max(0, offset));
  const lines = [...head, ...body.slice(from, from + page), plain(hidden(from, most - from), "muted")];
  return { lines: lines.slice(0, rows), most, page };
}

function hidden(above: number, below: number): string {
  const parts = [
    ...(above > 0 ? [`↑ ${formatCount(above)} more`] : []),
    ...(below > 0 ? [`↓ ${formatCount(below)} more`] : []),
  ];
  return parts.join("  ");
}
