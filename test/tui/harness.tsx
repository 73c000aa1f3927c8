import { readFileSync } from "node:fs";
import { renderToString } from "ink";
import type { ReactNode } from "react";
import type { RunEvent } from "../../src/contracts/events.ts";
import { EndScreen } from "../../tui/screens/end-screen.tsx";
import { RunScreen } from "../../tui/screens/run-screen.tsx";
import { initialState, type RunState, reduce } from "../../tui/state/state.ts";
import { plainTheme } from "../../tui/theme.ts";

/** A recorded run, one event a line. */
export const recorded: readonly RunEvent[] = readFileSync(
  new URL("./fixtures/quickstart.events.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as RunEvent);

export const cwd = "/home/me/zebratune";

export function freshState(): RunState {
  return initialState({ title: "quickstart", runDir: "", device: "cpu, 2 cores", command: "zebra", cwd }, 0);
}

/** The state after events that come `everyMs` apart, from time 0 on. */
export function play(events: readonly RunEvent[], everyMs = 500, from = freshState()): RunState {
  return events.reduce((state, event, i) => reduce(state, event, from.nowMs + (i + 1) * everyMs), from);
}

/** The recorded events up to and including the first that fits. */
export function upTo(fits: (event: RunEvent) => boolean): readonly RunEvent[] {
  const index = recorded.findIndex(fits);
  if (index < 0) throw new Error("no recorded event fits");
  return recorded.slice(0, index + 1);
}

/** What Ink draws on a terminal so many columns wide, without colours; "" for nothing. */
export function draw(node: ReactNode, columns: number): string {
  return renderToString(node, { columns });
}

export function drawLive(state: RunState, columns: number, rows: number): string {
  return draw(
    <RunScreen state={state} columns={columns} rows={rows} canReadKeys={true} theme={plainTheme} />,
    columns,
  );
}

export function drawEnd(state: RunState, columns: number): string {
  if (!state.end) throw new Error("the run has not ended");
  return draw(<EndScreen state={state} end={state.end} columns={columns} theme={plainTheme} />, columns);
}

/** Columns that a text takes on a terminal, for the characters that the tests use. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(char) ? 2 : 1), 0);
}
