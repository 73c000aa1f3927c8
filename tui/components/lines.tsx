import { Box, Text } from "ink";
import type { Theme } from "../theme.ts";
import type { Line } from "../views/lines.ts";

/** Lines of text, each cut where the screen ends. */
export function Lines({ lines, width, theme }: { lines: readonly Line[]; width: number; theme: Theme }) {
  return (
    <Box flexDirection="column" width={width}>
      {lines.map((pieces, y) => (
        <Text key={y} wrap="truncate-end">
          {pieces.every(({ text }) => text === "") ? " " : null}
          {pieces.map(({ text, role }, x) => (
            <Text key={x} {...(role ? theme[role] : {})}>
              {text}
            </Text>
          ))}
        </Text>
      ))}
    </Box>
  );
}
