import { Box, Text } from "ink";
import { stageFacts } from "../../src/contracts/stage-words.ts";
import { formatDuration } from "../../src/format.ts";
import { joinFacts } from "../facts.ts";
import { displayPath, formatClock } from "../format.ts";
import { doingText, isTraining } from "../state/progress.ts";
import type { RunState, StageState, StageStatus } from "../state/state.ts";
import { glyphs, type Look, type Theme } from "../theme.ts";

const nameWidth = 9;
const timeWidth = 11;

/** The stages, one row each with its result; all in one row when there is no more room. */
export function StageList(props: { state: RunState; width: number; rows: number; theme: Theme }) {
  const { state, width, rows, theme } = props;
  if (rows < state.stages.length) {
    return (
      <Box width={width}>
        <Text wrap="truncate-end">
          {state.stages.map((stage, i) => (
            <Text key={stage.name} {...lookOf(stage.status, theme)}>
              {`${i > 0 ? "  " : ""}${glyphs[stage.status]} ${stage.name}`}
            </Text>
          ))}
        </Text>
      </Box>
    );
  }
  return (
    <Box flexDirection="column" width={width}>
      {state.stages.map((stage) => (
        <Box key={stage.name}>
          <Box flexShrink={0}>
            <Text {...lookOf(stage.status, theme)}>{`${glyphs[stage.status]} `}</Text>
            <Text {...(stage.status === "waiting" ? theme.muted : theme.strong)}>
              {stage.name.padEnd(nameWidth)}
            </Text>
            <Text {...theme.muted}>{timeOf(stage, state.nowMs).padEnd(timeWidth)} </Text>
          </Box>
          <Text wrap="truncate-end" {...(stage.status === "running" ? {} : theme.muted)}>
            {whatOf(stage, state, width - nameWidth - timeWidth - 3)}
          </Text>
        </Box>
      ))}
    </Box>
  );
}

export function lookOf(status: StageStatus, theme: Theme): Look {
  const looks: Record<StageStatus, Look> = {
    waiting: theme.muted,
    running: theme.running,
    done: theme.good,
    unchanged: theme.good,
    stopped: theme.caution,
    failed: theme.bad,
  };
  return looks[status];
}

function timeOf({ status, startMs, durationMs }: StageState, nowMs: number): string {
  if (status === "running") return formatClock(nowMs - startMs);
  return status === "done" ? formatDuration(durationMs) : status;
}

/** What a stage made, why it was skipped, or what it is doing. */
function whatOf(stage: StageState, state: RunState, width: number): string {
  const { progress, cwd } = state;
  if (stage.status === "unchanged") return stage.reason;
  if (stage.status !== "running") {
    return joinFacts(
      stageFacts(stage.name, stage.summary, (path) => displayPath(path, cwd)),
      width,
    );
  }
  return isTraining(state) && progress ? doingText(progress) : "";
}
