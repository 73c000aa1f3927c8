import type { Looking } from "../state/looking.ts";
import type { RunState } from "../state/state.ts";
import { boardView } from "./board-lines.ts";
import { helpView } from "./help-lines.ts";
import { ledgersView } from "./ledger-lines.ts";
import type { View } from "./lines.ts";
import { logView } from "./log-lines.ts";
import { resultsView } from "./results-lines.ts";
import { samplesView } from "./sample-lines.ts";
import { verdictView } from "./verdict-lines.ts";

/** The lines of what the user looks at; null for what is drawn, not written: the work and the loss. */
export function viewOf(state: RunState, looking: Looking, width: number): View | null {
  if (looking.isHelp) return helpView(state.end !== null, width);
  switch (looking.view) {
    case "now":
      return state.end ? verdictView(state, state.end, width) : null;
    case "loss":
      return null;
    case "board":
      return boardView(state.board, width, true);
    case "results":
      return resultsView(state.results, width);
    case "samples":
      return samplesView(state.samples, looking.sample, width);
    case "rows":
      return ledgersView([...state.ledgers.values()], width);
    case "log":
      return logView(state.log, state.cwd, width);
  }
}
