import { Box, Text } from "ink";
import { formatCount } from "../../src/format.ts";
import type { RunState } from "../state/state.ts";
import type { Theme } from "../theme.ts";

/** What the keys do, or that a stop is under way, and the number of warnings. */
export function Footer(props: { state: RunState; width: number; canReadKeys: boolean; theme: Theme }) {
  const { state, width, canReadKeys, theme } = props;
  const { stopping, warnings } = state;
  return (
    <Box justifyContent="space-between" columnGap={2} width={width}>
      <Text wrap="truncate-end" {...(stopping ? theme.caution : theme.muted)}>
        {stopping ? stoppingText(state) : keysText(state, canReadKeys)}
      </Text>
      <Box flexShrink={0}>
        <Text {...theme.caution}>{warningsText(warnings)}</Text>
      </Box>
    </Box>
  );
}

export function stoppingText({ stage }: RunState): string {
  return stage === "finetune"
    ? "stopping after this step, writing a checkpoint…"
    : "stopping after the work in hand…";
}

function keysText({ stage }: RunState, canReadKeys: boolean): string {
  const keys = canReadKeys ? "q or Ctrl-C stops cleanly" : "Ctrl-C stops cleanly";
  return stage === "finetune" ? `${keys}, with a checkpoint` : keys;
}

function warningsText(warnings: number): string {
  if (warnings === 0) return "";
  return `${formatCount(warnings)} warning${warnings === 1 ? "" : "s"}`;
}
