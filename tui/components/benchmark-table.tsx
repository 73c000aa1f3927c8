import { Box, Text } from "ink";
import { formatCount } from "../../src/format.ts";
import { layoutResults, type ResultCell } from "../results-table.ts";
import type { Results } from "../state/results.ts";
import type { Look, Theme } from "../theme.ts";

/** The results so far, before, after and the difference, in `rows` rows including the header. */
export function BenchmarkTable(props: { results: Results; width: number; rows: number; theme: Theme }) {
  const { results, width, rows, theme } = props;
  const isWhole = results.rows.size < rows;
  const table = layoutResults(results, width, isWhole ? rows : rows - 2);
  const looks: Record<ResultCell["tone"], Look> = {
    plain: {},
    muted: theme.muted,
    better: theme.good,
    worse: theme.bad,
  };
  return (
    <Box flexDirection="column" width={width}>
      <Box columnGap={table.gap}>
        {table.columns.map(({ title, width, align }, i) => (
          <Box key={`${i}${title}`} width={width} flexShrink={0} justifyContent={sideOf(align)}>
            <Text wrap="truncate-end" {...theme.muted}>
              {title}
            </Text>
          </Box>
        ))}
      </Box>
      {table.rows.map(({ key, cells }) => (
        <Box key={key} columnGap={table.gap} height={1}>
          {table.columns.map(({ title, width, align }, i) => (
            <Box key={`${i}${title}`} width={width} flexShrink={0} justifyContent={sideOf(align)}>
              <Text wrap="truncate-end" {...looks[cells[i]!.tone]}>
                {cells[i]!.text}
              </Text>
            </Box>
          ))}
        </Box>
      ))}
      {!isWhole && (
        <Text wrap="truncate-end" {...theme.muted}>
          {hiddenText(table.hiddenBefore, table.hiddenAfter)}
        </Text>
      )}
    </Box>
  );
}

function sideOf(align: "left" | "right"): "flex-start" | "flex-end" {
  return align === "left" ? "flex-start" : "flex-end";
}

function hiddenText(before: number, after: number): string {
  const parts = [
    ...(before > 0 ? [`${formatCount(before)} rows above`] : []),
    ...(after > 0 ? [`${formatCount(after)} rows below`] : []),
  ];
  return `… ${parts.join(", ")}`;
}
