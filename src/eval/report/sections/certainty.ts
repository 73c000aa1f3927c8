import { formatP } from "../../../format.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import type { Results } from "../../results/results.ts";
import { format, formatSigned } from "../charts/ticks.ts";
import { type PageCell, table } from "../table.ts";

/** How the differences of the headlines were judged, with every number that went into it. */
export function certainty(all: Results): string {
  const headlines = all.comparisons.filter(
    ({ benchmark, metric, slice, p }) =>
      slice === "" && p !== undefined && knownBenchmark(all, benchmark)?.headline.metric === metric,
  );
  if (headlines.length === 0) return "";
  const rows = headlines.map((one): PageCell[] => {
    const { bootstrap, clusters, stderr, p, p_holm, mcnemar_p, method = "", wins, losses, ties } = one;
    const number = (value: number | undefined, write: (value: number) => string): string =>
      value === undefined ? "–" : write(value);
    return [
      one.benchmark,
      one.model,
      method,
      `${one.n}${clusters === undefined ? "" : ` of ${clusters} documents`}`,
      formatSigned(one.difference),
      number(stderr, (value) => format(value)),
      bootstrap ? `${formatSigned(bootstrap.low)} … ${formatSigned(bootstrap.high)}` : "–",
      number(p, formatP),
      number(p_holm, formatP),
      number(mcnemar_p, formatP),
      wins === undefined ? "–" : `${wins} / ${losses} / ${ties}`,
    ];
  });
  const note =
    `<p>${headlines.length === 1 ? "One comparison" : `${headlines.length} comparisons`}. Holm's p counts that ` +
    "there are so many: below 0.05 it stays a difference. Standard errors are closed forms (Miller 2024), over " +
    "documents where questions share one. McNemar's exact p is of right-or-wrong items.</p>";
  const head = [
    ...["benchmark", "model", "interval and p by", "items", "difference", "standard error"],
    ...["bootstrap, 95 %", "p", "p by Holm", "McNemar's p", "better / worse / same"],
  ];
  return note + table(head, rows, 3);
}
