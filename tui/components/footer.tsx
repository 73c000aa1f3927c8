import { Box, Text } from "ink";
import { formatCount } from "../../src/format.ts";
import { joinFacts } from "../facts.ts";
import type { RunState } from "../state/state.ts";
import type { Theme } from "../theme.ts";

/** What the keys do, or that a stop is under way, and the number of warnings. */
export function Footer(props: { state: RunState; width: number; canReadKeys: boolean; theme: Theme }) {
  const { state, width, canReadKeys, theme } = props;
  const { stopping, warnings } = state;
  const told = state.end ? "" : warningsText(warnings);
  const room = width - (told === "" ? 0 : told.length + 2);
  return (
    <Box justifyContent="space-between" columnGap={2} width={width}>
      <Text wrap="truncate-end" {...(stopping && !state.end ? theme.caution : theme.muted)}>
        {state.end
          ? joinFacts(endKeys(state), room)
          : stopping
            ? stoppingText(state)
            : joinFacts(keys(state, canReadKeys), room)}
      </Text>
      <Box flexShrink={0}>
        <Text {...theme.caution}>{told}</Text>
      </Box>
    </Box>
  );
}

export function stoppingText({ stage }: RunState): string {
  return stage === "finetune"
    ? "stopping after this step, writing a checkpoint…"
    : "stopping after the work in hand…";
}

function keys({ stage }: RunState, canReadKeys: boolean): string[] {
  const kept = stage === "finetune" ? ", with a checkpoint" : "";
  if (!canReadKeys) return [`Ctrl-C stops cleanly${kept}`];
  return [`q stops cleanly${kept}`, "? keys", "tab views", "↑↓ scroll"];
}

/** `leavesInMs` null: a key was pressed, so the screen stays. */
function endKeys({ leavesAtMs, nowMs }: RunState): string[] {
  const leaves =
    leavesAtMs === null ? [] : [`leaves in ${Math.max(1, Math.ceil((leavesAtMs - nowMs) / 1000))} s`];
  return ["q leaves", "? keys", "tab views", "↑↓ scroll", ...leaves];
}

function warningsText(warnings: number): string {
  if (warnings === 0) return "";
  return `${formatCount(warnings)} warning${warnings === 1 ? "" : "s"}`;
}
