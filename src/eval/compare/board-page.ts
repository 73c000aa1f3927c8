import { escapeHtml } from "../../quote.ts";
import { format } from "../report/charts/ticks.ts";
import { htmlPage } from "../report/page.ts";
import { type PageCell, section, table } from "../report/table.ts";
import { type Board, type BoardCell, boardAbout } from "./board.ts";

/** The board on one page that loads nothing. `notes`: what has to be said beside it. */
export function boardPage(board: Board, notes: readonly string[]): string {
  const head = ["model", "mean rank", ...board.benchmarks.map(({ benchmark }) => benchmark)];
  const rows = board.models.map(({ name, mean_rank }, i): PageCell[] => [
    name,
    mean_rank === undefined ? "–" : mean_rank.toFixed(2),
    ...board.benchmarks.map(({ cells }): PageCell => cellOf(cells[i])),
  ]);
  const figures = board.benchmarks.map(({ benchmark, name, better }) => [
    benchmark,
    name,
    `${better} is better`,
  ]);
  const body = [
    "<h1>Leaderboard</h1>",
    section("Models by benchmarks", `<p>${escapeHtml(boardAbout(board))}</p>${table(head, rows, 1)}`),
    section("Figures", table(["benchmark", "figure", ""], figures, 3)),
    section("Notes", notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("")),
  ];
  return htmlPage("Leaderboard – zebratune", body.join(""));
}

function cellOf(cell: BoardCell | undefined): PageCell {
  if (!cell) return "–";
  const { value, low, high, rank, is_tied: isTied } = cell;
  const place = rank === undefined ? "other questions" : `rank ${rank}${isTied ? ", shared" : ""}`;
  const spread =
    low === undefined || high === undefined ? "" : ` <small>[${format(low, 3)}, ${format(high, 3)}]</small>`;
  const text = `${format(value)}${spread}<br><small>${place}</small>`;
  return { html: rank === 1 ? `<b>${text}</b>` : text };
}
