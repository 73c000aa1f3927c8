import { Box, Text } from "ink";
import { formatCount, formatDuration } from "../../src/format.ts";
import { wrapText } from "../facts.ts";
import { displayPath, formatSummary } from "../format.ts";
import type { LogEntry } from "../state/state.ts";
import { glyphs, type Look, type Theme } from "../theme.ts";

const nameWidth = 9;

/** A finished line, printed once and in full: long texts continue below. */
export function LogLine(props: {
  entry: Exclude<LogEntry, { type: "run.end" }>;
  width: number;
  cwd: string;
  theme: Theme;
}) {
  const { entry, width, cwd, theme } = props;
  const { glyph, look, name, text } = describe(entry, cwd, theme);
  return (
    <Box width={width}>
      <Box flexShrink={0}>
        <Text {...look}>{glyph} </Text>
        <Text {...theme.strong}>{name.padEnd(nameWidth)}</Text>
      </Box>
      <Text wrap="wrap">{wrapText(text, width - nameWidth - 2)}</Text>
    </Box>
  );
}

interface Description {
  glyph: string;
  look: Look;
  name: string;
  text: string;
}

function describe(entry: Exclude<LogEntry, { type: "run.end" }>, cwd: string, theme: Theme): Description {
  switch (entry.type) {
    case "stage.end": {
      const summary = formatSummary(entry.summary, cwd);
      const text = `done in ${formatDuration(entry.durationMs)}${summary === "" ? "" : `: ${summary}`}`;
      return { glyph: glyphs.done, look: theme.good, name: entry.stage, text };
    }
    case "stage.skip":
      return {
        glyph: glyphs.unchanged,
        look: theme.good,
        name: entry.stage,
        text: `unchanged: ${entry.reason}`,
      };
    case "warning":
      return { glyph: glyphs.warning, look: theme.caution, name: entry.stage, text: entry.message };
    case "train.checkpoint":
      return {
        glyph: glyphs.checkpoint,
        look: theme.muted,
        name: "finetune",
        text: `checkpoint of step ${formatCount(entry.step)}: ${displayPath(entry.path, cwd)}`,
      };
    case "train.resume":
      return {
        glyph: glyphs.checkpoint,
        look: theme.muted,
        name: "finetune",
        text: `resumed from checkpoint ${formatCount(entry.step)}: ${displayPath(entry.path, cwd)}`,
      };
  }
}
