import { type Board, type BoardCell, boardAbout } from "../../eval/compare/board.ts";
import { formatValue } from "../../format.ts";
import { formatTable } from "./format.ts";

/** The board as lines: a model a line, with its rank in each benchmark after the figure. */
export function boardLines(board: Board): string[] {
  const head = [
    "model",
    "mean rank",
    ...board.benchmarks.map(({ benchmark, name }) => `${benchmark}, ${name}`),
  ];
  const rows = board.models.map(({ name, mean_rank }, i) => [
    name,
    mean_rank === undefined ? "–" : mean_rank.toFixed(2),
    ...board.benchmarks.map(({ cells }) => cellText(cells[i])),
  ]);
  return [...formatTable(head, rows).map((line) => line.trimEnd()), "", boardAbout(board)];
}

function cellText(cell: BoardCell | undefined): string {
  if (!cell) return "–";
  const { value, low, high, rank, is_tied: isTied } = cell;
  const spread =
    low === undefined || high === undefined ? "" : ` [${formatValue(low)}, ${formatValue(high)}]`;
  return `${formatValue(value)}${spread} ${rank === undefined ? "≠" : `#${rank}${isTied ? "=" : ""}`}`;
}
