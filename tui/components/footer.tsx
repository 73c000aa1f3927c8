import { Text } from "ink";
import type { RunState } from "../state.ts";
import type { Theme } from "../theme.ts";

/** What the keys do, or that a stop is under way; and how many warnings there were. */
export function Footer(props: { state: RunState; canReadKeys: boolean; theme: Theme }) {
  const { state, canReadKeys, theme } = props;
  if (state.stopping) {
    return (
      <Text wrap="truncate-end" {...theme.caution}>
        {stoppingText(state)}
      </Text>
    );
  }
  const keys = canReadKeys ? "q or Ctrl-C stops" : "Ctrl-C stops";
  const { warnings } = state;
  return (
    <Text wrap="truncate-end" {...theme.muted}>
      {keys} cleanly{state.stage === "finetune" ? ", with a checkpoint" : ""}
      {warnings > 0 && (
        <Text {...theme.caution}>{`   ${warnings} warning${warnings === 1 ? "" : "s"}, above`}</Text>
      )}
    </Text>
  );
}

export function stoppingText({ stage }: RunState): string {
  return stage === "finetune"
    ? "stopping after this step, writing a checkpoint…"
    : "stopping after the work in hand…";
}
