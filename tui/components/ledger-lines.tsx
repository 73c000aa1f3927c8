import { Box, Text } from "ink";
import { formatCount, formatKept } from "../../src/format.ts";
import { topReasons } from "../facts.ts";
import type { Ledger } from "../state/state.ts";
import { glyphs, type Theme } from "../theme.ts";

/** What happened to the rows: one line for each dataset where there is room, else one for all. */
export function LedgerLines(props: {
  ledgers: readonly Ledger[];
  width: number;
  rows: number;
  theme: Theme;
}) {
  const { ledgers, width, rows, theme } = props;
  const lines = ledgers.length <= rows ? ledgers : [total(ledgers)];
  const nameWidth = Math.min(24, Math.floor(width / 3), Math.max(...lines.map((l) => l.dataset.length)) + 2);
  return (
    <Box flexDirection="column" width={width}>
      {lines.map((ledger) => (
        <Box key={ledger.dataset} columnGap={1}>
          <Box width={nameWidth} flexShrink={0}>
            <Text wrap="truncate-end">{ledger.dataset}</Text>
          </Box>
          <Text wrap="truncate-end">
            {fates(ledger)}
            <Text {...theme.muted}>{why(ledger)}</Text>
          </Text>
        </Box>
      ))}
    </Box>
  );
}

function fates(ledger: Ledger): string {
  const { dropped } = ledger;
  return [formatKept(ledger), ...(dropped > 0 ? [`${formatCount(dropped)} dropped`] : [])].join(
    glyphs.separator,
  );
}

function why({ reasons }: Ledger): string {
  const top = topReasons(reasons);
  return top === "" ? "" : ` (${top})`;
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
