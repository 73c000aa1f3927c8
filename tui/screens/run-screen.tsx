import { Box, Text } from "ink";
import { CompactLine } from "../components/compact-line.tsx";
import { Footer } from "../components/footer.tsx";
import { Header } from "../components/header.tsx";
import { Lines } from "../components/lines.tsx";
import { LossChart } from "../components/loss-chart.tsx";
import { ProgressBar } from "../components/progress-bar.tsx";
import { StageList } from "../components/stage-list.tsx";
import { statsRows, TrainingStats } from "../components/training-stats.tsx";
import { growing, planRows, type Wish } from "../layout.ts";
import { isTraining, progressOf } from "../state/progress.ts";
import type { Ledger, RunState } from "../state/state.ts";
import { heights, type Theme, widths } from "../theme.ts";
import { ledgerLines } from "../views/ledger-lines.ts";
import { clipped, type Line, type View } from "../views/lines.ts";
import { logLines } from "../views/log-lines.ts";
import { resultsView } from "../views/results-lines.ts";
import { lastSampleLines } from "../views/sample-lines.ts";
import { scrolled } from "../views/scroll.ts";
import { sourceLines } from "../views/source-lines.ts";

type Block = "header" | "stages" | "bar" | "chart" | "stats" | "sources" | "table" | "sample" | "ledger";
type Section = Block | "warning" | "footer" | Gap;
type Gap = `gap below ${"header" | "stages" | "bar" | "chart" | "table" | "work" | "ledger"}`;

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
  const texts = textsOf(state, width);
  const plan = planRows(wishes(state, ledgers, texts, width), rows - 1);
  const height = (section: Section) => plan.get(section) ?? 0;
  const gap = (section: Gap) => height(section) > 0 && <Text> </Text>;
  const common = (section: Section) => ({ width, rows: height(section), theme });
  const progress = progressOf(state);
  const lines = (shown: readonly Line[]) => <Lines lines={shown} width={width} theme={theme} />;
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns}>
      {height("header") > 0 && <Header state={state} {...common("header")} />}
      {gap("gap below header")}
      {height("stages") > 0 && <StageList state={state} {...common("stages")} />}
      {gap("gap below stages")}
      {progress && height("bar") > 0 && <ProgressBar {...progress} {...common("bar")} />}
      {gap("gap below bar")}
      {height("chart") > 0 && <LossChart training={state.training} {...common("chart")} />}
      {gap("gap below chart")}
      {height("stats") > 0 && <TrainingStats training={state.training} {...common("stats")} />}
      {height("sources") > 0 && lines(texts.sources.slice(0, height("sources")))}
      {height("table") > 0 && lines(scrolled(texts.table, Number.MAX_SAFE_INTEGER, height("table")).lines)}
      {gap("gap below table")}
      {height("sample") > 0 && lines(texts.sample.slice(0, height("sample")))}
      {gap("gap below work")}
      {height("ledger") > 0 && lines(ledgerLines(ledgers, width, height("ledger")))}
      {gap("gap below ledger")}
      {height("warning") > 0 && lines(clipped(texts.warning, height("warning"), width))}
      {height("footer") > 0 && <Footer state={state} width={width} canReadKeys={canReadKeys} theme={theme} />}
    </Box>
  );
}

/** The last stage that reported what happened to its rows. */
function ledgerStage(state: RunState): string | undefined {
  return [...state.ledgers.values()].at(-1)?.stage;
}

/** The sections that are lines of text. */
interface Texts {
  sources: Line[];
  table: View;
  sample: Line[];
  /** The last one: all are in the log. */
  warning: Line[];
}

function textsOf(state: RunState, width: number): Texts {
  const last = state.log.findLast((entry) => entry.type === "warning");
  const isLate = state.stage === "finetune" || state.stage === "eval";
  return {
    sources: isTraining(state) ? sourceLines(state.training, width) : [],
    table: isTraining(state) ? { head: [], body: [] } : resultsView(state.results, width, true),
    sample: state.stage === "eval" ? lastSampleLines(state.samples, width) : [],
    warning: last?.type === "warning" ? clipped(logLines(last, state.cwd, width), isLate ? 1 : 3, width) : [],
  };
}

/** What the screen should show, the most important first. */
function wishes(state: RunState, ledgers: readonly Ledger[], texts: Texts, width: number): Wish<Section>[] {
  const hasBar = progressOf(state) !== null;
  const isWork = isTraining(state) || texts.table.body.length + texts.sample.length > 0;
  const bar = (rows: number): Wish<Section>[] => (hasBar ? [{ section: "bar", rows }] : []);
  const ledger = (rows: number): Wish<Section>[] => (ledgers.length > 0 ? [{ section: "ledger", rows }] : []);
  return [
    ...bar(1),
    { section: "stages", rows: 1 },
    ...(state.stopping ? [{ section: "footer", rows: 1 } as const] : []),
    ...work(state, texts, width),
    { section: "header", rows: 1 },
    { section: "footer", rows: 1 },
    { section: "stages", rows: state.stages.length },
    ...bar(2),
    { section: "gap below stages", rows: 1 },
    ...(hasBar ? [{ section: "gap below bar", rows: 1 } as const] : []),
    { section: "gap below header", rows: 1 },
    ...(isWork ? [{ section: "gap below work", rows: 1 } as const] : []),
    ...more(state, texts, width),
    ...(texts.warning.length > 0 ? [{ section: "warning", rows: 1 } as const] : []),
    ...ledger(1),
    ...(ledgers.length > 0 ? [{ section: "gap below ledger", rows: 1 } as const] : []),
    { section: "header", rows: 2 },
    ...growing<Section>("warning", 2, texts.warning.length),
    ...(isWork ? [] : ledger(Math.min(ledgers.length, 12))),
    ...growing<Section>("chart", heights.chartGood + 1, isTraining(state) ? heights.chartMax : 0),
  ];
}

/** The minimum that shows how the work goes. */
function work(state: RunState, { sample, table }: Texts, width: number): Wish<Section>[] {
  if (isTraining(state)) {
    return [
      { section: "stats", rows: 1 },
      { section: "chart", rows: heights.chartMin },
      { section: "stats", rows: Math.min(2, statsRows(width)) },
    ];
  }
  const all = table.head.length + table.body.length;
  return [
    ...growing<Section>("table", Math.min(3, all), Math.min(5, all)),
    ...growing<Section>("sample", Math.min(3, sample.length), sample.length),
  ];
}

/** What is nice to have. */
function more(state: RunState, { sample, sources, table }: Texts, width: number): Wish<Section>[] {
  if (isTraining(state)) {
    return [
      ...(sources.length > 0 ? [{ section: "sources", rows: 1 } as const] : []),
      { section: "stats", rows: Math.min(3, statsRows(width)) },
      ...growing<Section>("chart", heights.chartMin + 1, heights.chartGood),
      { section: "stats", rows: statsRows(width) },
      ...growing<Section>("sources", 2, sources.length),
      { section: "gap below chart", rows: 1 },
    ];
  }
  const all = table.head.length + table.body.length;
  return [
    ...(all > 0 && sample.length > 0 ? [{ section: "gap below table", rows: 1 } as const] : []),
    ...growing<Section>("table", 6, all),
  ];
}
