import { formatP } from "../../../format.ts";
import { escapeHtml } from "../../../quote.ts";
import type { ControlResult } from "../../controls/control-results.ts";
import type { Results } from "../../results/results.ts";
import { format, formatSigned } from "../charts/ticks.ts";
import { details, type PageCell, table } from "../table.ts";

/** Passages that are shown, of as many as there are. */
const mostShown = 50;

/** What scores are held against: without the document, the commonest answer, places, training rows. */
export function controls({ controls: all = [] }: Results): string {
  return [pairedTable(all), positionTables(all), contaminationTables(all)].join("");
}

const names = {
  no_context: "without the document",
  shuffled_context: "its sentences shuffled",
  majority: "always the commonest answer",
} as const;

function pairedTable(all: readonly ControlResult[]): string {
  const rows = all.flatMap((one): PageCell[][] => {
    if (one.control === "position" || one.control === "contamination") return [];
    const { low, high } = one;
    const spread =
      low === undefined || high === undefined
        ? ""
        : ` <small>[${formatSigned(low)}, ${formatSigned(high)}]</small>`;
    const about =
      one.control === "majority"
        ? `${names.majority}: ${one.answer.slice(0, 60)} (${one.count} of ${one.n})`
        : names[one.control] +
          (one.without_document > 0 ? `; ${one.without_document} questions have none` : "") +
          (one.failed > 0 ? `; ${one.failed} failed` : "");
    return [
      [
        ...[one.benchmark, one.model, about, one.n, format(one.score), format(one.value)],
        { html: formatSigned(one.difference) + spread },
        one.p === undefined ? "–" : formatP(one.p),
      ],
    ];
  });
  if (rows.length === 0) return "";
  const note =
    "<p>The model's score beside what it would be without reading, on the same questions. Where the difference's " +
    "interval has 0 in it, they do not show that the document matters.</p>";
  const head = ["benchmark", "model", "control", "n", "score", "control's", "difference", "p"];
  return note + table(head, rows, 3);
}

function positionTables(all: readonly ControlResult[]): string {
  const rows = all.flatMap((one) =>
    one.control === "position"
      ? one.positions.map(({ position, n, right, chosen }): PageCell[] => [
          ...[one.benchmark, one.model, position, n, right],
          n === 0 ? "–" : format(right / n),
          chosen,
        ])
      : [],
  );
  const head = [
    "benchmark",
    "model",
    "place",
    "right choices there",
    "answered rightly",
    "accuracy",
    "chosen",
  ];
  return rows.length === 0 ? "" : details("By the place of the right choice", table(head, rows, 2));
}

function contaminationTables(all: readonly ControlResult[]): string {
  const parts = all.flatMap((one) => {
    if (one.control !== "contamination") return [];
    const { benchmark, model, contaminated, n, rows, score, clean } = one;
    const text =
      `${benchmark}, ${model}: ${contaminated.length} of ${n} questions or their documents stand in the ` +
      `${rows} training rows. Score ${format(score)}` +
      (clean ? `, on the other ${clean.n} ${format(clean.value)}.` : ".");
    const shown = contaminated.slice(0, mostShown);
    const matches = shown.map(({ id, kind, share, row, text: passage }): PageCell[] => [
      ...[id, kind, row, passage, `${Math.round(100 * share)} %`],
    ]);
    const title = `Matched texts${shown.length < contaminated.length ? `, the first ${shown.length}` : ""}`;
    const head = ["question", "what", "training row", "matched text", "of its words"];
    return [
      `<p>${escapeHtml(text)}</p>`,
      matches.length === 0 ? "" : details(`${title}: ${benchmark}`, table(head, matches, 4)),
    ];
  });
  return parts.join("");
}
