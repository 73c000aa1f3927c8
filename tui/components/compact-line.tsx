import { Text } from "ink";
import { formatValue } from "../../src/format.ts";
import { joinFacts } from "../facts.ts";
import { progressOf } from "../state/progress.ts";
import { meanOf } from "../state/smooth.ts";
import type { RunState } from "../state/state.ts";
import type { Theme } from "../theme.ts";
import { stoppingText } from "./footer.tsx";

/** Everything in one row, for very small terminals. */
export function CompactLine(props: { state: RunState; width: number; theme: Theme }) {
  const { state, width, theme } = props;
  return (
    <Text wrap="truncate-end" {...(state.stopping ? theme.caution : {})}>
      {state.stopping ? stoppingText(state) : joinFacts(factsOf(state), width)}
    </Text>
  );
}

function factsOf(state: RunState): string[] {
  const { last } = state.training;
  const progress = progressOf(state);
  const percent = progress?.share == null ? [] : [`${Math.floor(100 * progress.share)} %`];
  const loss =
    state.stage === "finetune" && last
      ? [`loss ${formatValue(meanOf(state.training.smooth) ?? last.lossNatsPerToken)}`]
      : [];
  return [state.stage ?? state.title, ...percent, ...loss, ...(progress?.facts ?? [])];
}
