import { Box, Text } from "ink";
import { BenchmarkTable } from "../components/benchmark-table.tsx";
import { CompactLine } from "../components/compact-line.tsx";
import { Footer } from "../components/footer.tsx";
import { Header } from "../components/header.tsx";
import { LedgerLines } from "../components/ledger-lines.tsx";
import { LossChart } from "../components/loss-chart.tsx";
import { ProgressBar } from "../components/progress-bar.tsx";
import { StageList } from "../components/stage-list.tsx";
import { statsRows, TrainingStats } from "../components/training-stats.tsx";
import { growing, planRows, type Wish } from "../layout.ts";
import { isTraining, progressOf } from "../state/progress.ts";
import type { Ledger, RunState } from "../state/state.ts";
import { heights, type Theme, widths } from "../theme.ts";

type Section = "header" | "stages" | "bar" | "chart" | "stats" | "table" | "ledger" | "footer" | Gap;
type Gap = "gap above header" | `gap below ${"header" | "stages" | "bar" | "chart" | "work" | "ledger"}`;

interface ScreenProps {
  state: RunState;
  columns: number;
  rows: number;
  canReadKeys: boolean;
  theme: Theme;
}

/**
 * The live part of the screen. It is always lower than the terminal: for a frame as tall as the terminal, Ink
 * clears the screen and writes everything again, which flickers (github.com/vadimdemedes/ink/issues/809).
 */
export function RunScreen({ state, columns, rows, canReadKeys, theme }: ScreenProps) {
  const width = columns - 2 * widths.margin;
  if (rows < 2 || width < 1) return null;
  if (rows < widths.minRows || columns < widths.minColumns) {
    return (
      <Box paddingX={widths.margin} width={columns}>
        <CompactLine state={state} width={width} theme={theme} />
      </Box>
    );
  }
  const ledgers = [...state.ledgers.values()].filter(({ stage }) => stage === ledgerStage(state));
  const plan = planRows(wishes(state, ledgers, width), rows - 1);
  const height = (section: Section) => plan.get(section) ?? 0;
  const gap = (section: Gap) => height(section) > 0 && <Text> </Text>;
  const common = (section: Section) => ({ width, rows: height(section), theme });
  const progress = progressOf(state);
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns}>
      {gap("gap above header")}
      {height("header") > 0 && <Header state={state} {...common("header")} />}
      {gap("gap below header")}
      {height("stages") > 0 && <StageList state={state} {...common("stages")} />}
      {gap("gap below stages")}
      {progress && height("bar") > 0 && <ProgressBar {...progress} {...common("bar")} />}
      {gap("gap below bar")}
      {height("chart") > 0 && <LossChart training={state.training} {...common("chart")} />}
      {gap("gap below chart")}
      {height("stats") > 0 && <TrainingStats training={state.training} {...common("stats")} />}
      {height("table") > 0 && <BenchmarkTable results={state.results} {...common("table")} />}
      {gap("gap below work")}
      {height("ledger") > 0 && <LedgerLines ledgers={ledgers} {...common("ledger")} />}
      {gap("gap below ledger")}
      {height("footer") > 0 && <Footer state={state} width={width} canReadKeys={canReadKeys} theme={theme} />}
    </Box>
  );
}

/** The last stage that reported what happened to its rows. */
function ledgerStage(state: RunState): string | undefined {
  return [...state.ledgers.values()].at(-1)?.stage;
}

/** What the screen should show, the most important first. */
function wishes(state: RunState, ledgers: readonly Ledger[], width: number): Wish<Section>[] {
  const hasBar = progressOf(state) !== null;
  const isWork = isTraining(state) || state.results.rows.size > 0;
  const bar = (rows: number): Wish<Section>[] => (hasBar ? [{ section: "bar", rows }] : []);
  const ledger = (rows: number): Wish<Section>[] => (ledgers.length > 0 ? [{ section: "ledger", rows }] : []);
  return [
    ...bar(1),
    { section: "stages", rows: 1 },
    ...(state.stopping ? [{ section: "footer", rows: 1 } as const] : []),
    ...work(state, width),
    { section: "header", rows: 1 },
    { section: "footer", rows: 1 },
    { section: "stages", rows: state.stages.length },
    ...bar(2),
    { section: "gap below stages", rows: 1 },
    ...(hasBar ? [{ section: "gap below bar", rows: 1 } as const] : []),
    { section: "gap below header", rows: 1 },
    ...(isWork ? [{ section: "gap below work", rows: 1 } as const] : []),
    ...(state.log.length > 0 ? [{ section: "gap above header", rows: 1 } as const] : []),
    ...more(state, width),
    ...ledger(1),
    ...(ledgers.length > 0 ? [{ section: "gap below ledger", rows: 1 } as const] : []),
    { section: "header", rows: 2 },
    ...(isWork ? [] : ledger(Math.min(ledgers.length, 12))),
    ...growing<Section>("chart", heights.chartGood + 1, isTraining(state) ? heights.chartMax : 0),
  ];
}

/** The minimum that shows how the work goes. */
function work(state: RunState, width: number): Wish<Section>[] {
  if (isTraining(state)) {
    return [
      { section: "stats", rows: 1 },
      { section: "chart", rows: heights.chartMin },
      { section: "stats", rows: Math.min(2, statsRows(width)) },
    ];
  }
  const { size } = state.results.rows;
  return size === 0 ? [] : growing("table", Math.min(3, size + 1), Math.min(6, size + 1));
}

/** What is nice to have. */
function more(state: RunState, width: number): Wish<Section>[] {
  if (isTraining(state)) {
    return [
      { section: "stats", rows: Math.min(3, statsRows(width)) },
      ...growing<Section>("chart", heights.chartMin + 1, heights.chartGood),
      { section: "stats", rows: statsRows(width) },
      { section: "gap below chart", rows: 1 },
    ];
  }
  const { size } = state.results.rows;
  return growing<Section>("table", 7, size + 1);
}
