import { Box, Text } from "ink";
import type { RunEnd } from "../../src/contracts/events.ts";
import { BenchmarkTable } from "../components/benchmark-table.tsx";
import { StatusLine } from "../components/status-line.tsx";
import { describeEnd } from "../end.ts";
import { wrapText } from "../facts.ts";
import type { RunState } from "../state/state.ts";
import { type Theme, widths } from "../theme.ts";

/** What stays on the screen: how the run ended, the results, where the files are and what to do next. */
export function EndScreen(props: { state: RunState; end: RunEnd; columns: number; theme: Theme }) {
  const { state, end, columns, theme } = props;
  const width = Math.max(1, columns - 2 * widths.margin);
  const { variant, headline, facts, text, next } = describeEnd(state, end, width);
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns} rowGap={1} marginTop={1}>
      {state.results.rows.size > 0 && (
        <BenchmarkTable
          results={state.results}
          width={width}
          rows={state.results.rows.size + 1}
          theme={theme}
        />
      )}
      <StatusLine variant={variant} text={headline} theme={theme} />
      {text !== "" && <Text wrap="wrap">{wrapText(text, width)}</Text>}
      {facts.length > 0 && (
        <Box flexDirection="column">
          {facts.map(([name, value]) => (
            <Box key={name}>
              <Box width={12} flexShrink={0}>
                <Text {...theme.muted}>{name}</Text>
              </Box>
              <Text wrap="wrap">{value}</Text>
            </Box>
          ))}
        </Box>
      )}
      {next.map(({ title, command }) => (
        <Box key={title} flexDirection="column">
          <Text {...theme.muted}>{title}</Text>
          {command.map((line) => (
            <Text key={line} wrap="hard">{`  ${line}`}</Text>
          ))}
        </Box>
      ))}
    </Box>
  );
}
