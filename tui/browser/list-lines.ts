import {
  type BriefAnswer,
  type BrowsedItem,
  lengthSteps,
  type SampleBook,
} from "../../src/contracts/browse.ts";
import { formatCount } from "../../src/format.ts";
import { glyphs, type Theme } from "../theme.ts";
import { type Line, plain, type View } from "../views/lines.ts";
import type { Browsing } from "./browsing.ts";
import { oneLine } from "./fold.ts";

/** What narrows the list down, in a line. */
export function filterLine(browsing: Browsing, shown: number, all: number, isSearching: boolean): Line {
  const { filter, benchmark, length, search, typing } = browsing;
  if (typing !== null) return [{ text: "search: ", role: "strong" }, { text: `${typing}_` }];
  const count = shown === all ? formatCount(all) : `${formatCount(shown)} of ${formatCount(all)}`;
  const parts = [
    `${isSearching ? "searching" : count} sample${all === 1 ? "" : "s"}`,
    `[${filter}]`,
    ...(benchmark === null ? [] : [benchmark]),
    ...(length === null ? [] : [lengthText(length)]),
    ...(search === "" ? [] : [`“${search}”`]),
  ];
  return plain(parts.join(glyphs.separator), "strong");
}

export function lengthText(step: number): string {
  const [from, below] = [lengthSteps[step]!, lengthSteps[step + 1]];
  if (from === 0) return `below ${formatCount(below!)} tokens`;
  return below === undefined
    ? `from ${formatCount(from)} tokens`
    : `${formatCount(from)} to ${formatCount(below)} tokens`;
}

/** The rows of the list that are in sight, around the chosen one. No others are made. */
export function listView(
  book: SampleBook,
  list: readonly BrowsedItem[],
  at: number,
  { width, rows, isOneTask = false }: { width: number; rows: number; isOneTask?: boolean },
): View {
  const scoreWidth = book.models.length < 3 ? 7 : width < 80 ? 3 : 6;
  const names = Math.max(4, ...book.benchmarks.map(({ name }) => name.length));
  const hasNames = !isOneTask && book.benchmarks.length > 1;
  const nameWidth = hasNames ? Math.min(names, Math.max(8, Math.floor(width / 5))) : 0;
  const named = (text: string) => (hasNames ? `${oneLine(text, nameWidth).padEnd(nameWidth)}  ` : "");
  const head =
    "  " +
    book.models.map((model) => `${oneLine(model, scoreWidth - 1).padEnd(scoreWidth - 1)} `).join("") +
    `${"tokens".padStart(7)}  ${named("task")}asked`;
  const room = Math.max(1, rows - 1);
  const from = Math.max(0, Math.min(list.length - room, at - Math.floor(room / 2)));
  const body = list.slice(from, from + room).map((item, i): Line => {
    const isChosen = from + i === at;
    const used = 2 + book.models.length * scoreWidth + 7 + 2 + named("").length;
    return [
      { text: isChosen ? `${glyphs.chosen} ` : "  ", role: "running" },
      ...book.models.map((_, m) => scorePiece(item.answers[m], scoreWidth)),
      { text: `${item.tokens > 0 ? formatCount(item.tokens) : glyphs.none}`.padStart(7), role: "muted" },
      { text: `  ${named(item.benchmark)}`, role: "muted" },
      {
        text: oneLine(item.tail || item.id, Math.max(4, width - used), true),
        ...(isChosen && { role: "strong" }),
      },
    ];
  });
  return { head: [plain(head, "muted")], body };
}

/** A model's headline for the item, or a sign: wrong and failed are told apart without colour. */
function scorePiece(answer: BriefAnswer | undefined, width: number): { text: string; role?: keyof Theme } {
  const padded = (text: string, role: keyof Theme) => ({ text: text.padEnd(width), role });
  if (!answer) return padded(glyphs.none, "muted");
  if (answer.isFailed) return padded(glyphs.failed, "bad");
  const cut = answer.isCut ? "<" : "";
  if (answer.score === null || width < 4)
    return padded(`${answer.isWrong ? "x" : glyphs.done}${cut}`, "muted");
  const { score } = answer;
  const text =
    score === 0 || score === 1
      ? String(score)
      : Math.abs(score) < 1
        ? score.toFixed(2)
        : score.toPrecision(2);
  return padded(`${text.slice(0, width - 2)}${cut}`, answer.isWrong ? "caution" : "good");
}
