import { Box, Text } from "ink";
import { joinFacts } from "../facts.ts";
import { glyphs, type Theme } from "../theme.ts";

export interface Bar {
  /** From 0 to 1; null when the total is not known. */
  share: number | null;
  /** The most important ones first. When there is no room, the last ones are left out. */
  facts: readonly string[];
}

/**
 * The progress of the running stage. Two rows: the bar, and the facts below it. One row: the facts with the
 * percentage.
 */
export function ProgressBar(props: Bar & { width: number; rows: number; theme: Theme }) {
  const { share, facts, width, rows, theme } = props;
  const percent = share === null ? "" : `${Math.floor(100 * share)} %`.padStart(5);
  if (rows < 2 || share === null) {
    const [first = "", ...rest] = facts;
    const line = joinFacts(percent === "" ? facts : [first, percent.trim(), ...rest], width);
    return (
      <Box flexDirection="column" width={width}>
        <Text wrap="truncate-end">{line || " "}</Text>
        {rows > 1 && <Text> </Text>}
      </Box>
    );
  }
  const barWidth = width - percent.length - 1;
  const filled = Math.round(barWidth * share);
  return (
    <Box flexDirection="column" width={width}>
      <Text wrap="truncate-end">
        <Text {...theme.barDone}>{glyphs.barDone.repeat(filled)}</Text>
        <Text {...theme.barRest}>{glyphs.barRest.repeat(barWidth - filled)}</Text> {percent}
      </Text>
      <Text wrap="truncate-end">{joinFacts(facts, width) || " "}</Text>
    </Box>
  );
}
