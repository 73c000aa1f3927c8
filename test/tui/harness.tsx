import { readFileSync } from "node:fs";
import { renderToString } from "ink";
import type { ReactNode } from "react";
import type { RunEvent } from "../../src/contracts/events.ts";
import { BrowseScreen } from "../../tui/screens/browse-screen.tsx";
import { LeftBehind } from "../../tui/screens/left-behind.tsx";
import { RunScreen } from "../../tui/screens/run-screen.tsx";
import { atFirst, type Looking } from "../../tui/state/looking.ts";
import { initialState, type RunState, reduce } from "../../tui/state/state.ts";
import type { Work } from "../../tui/state/work.ts";
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

/** What the recorded run was asked to do. */
export const work: Work = { validateEvery: 40, items: [40, 120, 32, 80, 90], models: 2 };

export function freshState(): RunState {
  return initialState(
    { title: "quickstart", runDir: "", device: "cpu, 2 cores", command: "zebra", cwd, work },
    0,
  );
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

/** A view other than the work; at the end also what the run comes to. */
export function drawView(state: RunState, looking: Partial<Looking>, columns: number, rows: number): string {
  const props = { state, columns, rows, canReadKeys: true, theme: plainTheme };
  return draw(<BrowseScreen {...props} looking={{ ...atFirst, ...looking }} />, columns);
}

/** What stays on the terminal. */
export function drawLeft(state: RunState, columns: number): string {
  return draw(<LeftBehind state={state} columns={columns} theme={plainTheme} />, columns);
}

/** Columns that a text takes on a terminal, for the characters that the tests use. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[\u3000-\u9fff\uff00-\uff60]/.test(char) ? 2 : 1), 0);
}
