import { formatCount, formatKept } from "../../src/format.ts";
import { topReasons } from "../facts.ts";
import type { Ledger } from "../state/state.ts";
import { glyphs } from "../theme.ts";
import { blank, type Line, named, plain, type View } from "./lines.ts";

/** What happened to the rows: one line for each dataset where there is room, else one for all. */
export function ledgerLines(ledgers: readonly Ledger[], width: number, rows: number): Line[] {
  const lines = ledgers.length <= rows ? ledgers : [total(ledgers)];
  const nameWidth = Math.min(24, Math.floor(width / 3), Math.max(...lines.map((l) => l.dataset.length)) + 2);
  return lines.map((ledger) => {
    const top = topReasons(ledger.reasons);
    const name =
      ledger.dataset.length >= nameWidth ? `${ledger.dataset.slice(0, nameWidth - 2)}…` : ledger.dataset;
    return [
      { text: name.padEnd(nameWidth) },
      { text: fates(ledger) },
      { text: top === "" ? "" : `: ${top}`, role: "muted" },
    ];
  });
}

/** Every dataset of every stage with all its reasons. */
export function ledgersView(ledgers: readonly Ledger[], width: number): View {
  const stages = [...new Set(ledgers.map(({ stage }) => stage))];
  const body = stages.flatMap((stage, i): Line[] => [
    ...(i > 0 ? [blank] : []),
    plain(stage, "strong"),
    ...ledgers
      .filter((ledger) => ledger.stage === stage)
      .flatMap((ledger) => {
        const why = Object.entries(ledger.reasons).sort(([, a], [, b]) => b - a);
        return [
          ...named({ text: ledger.dataset }, fates(ledger), Math.min(26, Math.floor(width / 3)), width),
          ...why.flatMap(([reason, n]) =>
            named(
              { text: "", role: "muted" },
              `${formatCount(n)} ${reason.replaceAll("_", " ")}`,
              4,
              width,
              "muted",
            ),
          ),
        ];
      }),
  ]);
  return { head: [], body };
}

function fates(ledger: Ledger): string {
  const { dropped } = ledger;
  return [formatKept(ledger), ...(dropped > 0 ? [`${formatCount(dropped)} dropped`] : [])].join(
    glyphs.separator,
  );
}

function total(ledgers: readonly Ledger[]): Ledger {
  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((n, ledger) => n + of(ledger), 0);
  const reasons = new Map<string, number>();
  for (const ledger of ledgers) {
    for (const [reason, count] of Object.entries(ledger.reasons)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    }
  }
  return {
    type: "ledger",
    stage: ledgers[0]?.stage ?? "data",
    dataset: `${ledgers[0]?.stage ?? "data"}: ${formatCount(ledgers.length)} datasets`,
    kept: sum((ledger) => ledger.kept),
    dropped: sum((ledger) => ledger.dropped),
    shortened: sum((ledger) => ledger.shortened),
    changed: sum((ledger) => ledger.changed),
    reasons: Object.fromEntries(reasons),
  };
}
