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
import { boardView, nowLine } from "../views/board-lines.ts";
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
      {height("table") > 0 && lines(inSight(texts, height("table")))}
      {gap("gap below table")}
      {height("sample") > 0 && lines(texts.samples.flat().slice(0, height("sample")))}
      {gap("gap below work")}
      {height("ledger") > 0 && lines(ledgerLines(ledgers, width, height("ledger")))}
      {gap("gap below ledger")}
      {height("warning") > 0 && lines(clipped(texts.warning, height("warning"), width))}
      {height("footer") > 0 && <Footer state={state} width={width} canReadKeys={canReadKeys} theme={theme} />}
    </Box>
  );
}

/** As much of the table as there is room for, with what is worked on in its middle. */
function inSight({ table, nowAt }: Texts, rows: number): Line[] {
  const { page } = scrolled(table, 0, rows);
  return scrolled(table, nowAt - Math.floor(page / 2), rows).lines;
}

/** The last stage that reported what happened to its rows. */
function ledgerStage(state: RunState): string | undefined {
  return [...state.ledgers.values()].at(-1)?.stage;
}

/** The sections that are lines of text. */
interface Texts {
  sources: Line[];
  table: View;
  /** The line of the table that is worked on. */
  nowAt: number;
  /** The newest, each a few lines. */
  samples: Line[][];
  /** The last one: all are in the log. */
  warning: Line[];
}

function textsOf(state: RunState, width: number): Texts {
  const last = state.log.findLast((entry) => entry.type === "warning");
  const isLate = state.stage === "finetune" || state.stage === "eval";
  return {
    sources: isTraining(state) ? sourceLines(state.training, width) : [],
    ...(isTraining(state) ? { table: { head: [], body: [] }, nowAt: 0 } : tableOf(state, width)),
    samples: state.stage === "eval" ? lastSampleLines(state.samples, width, 3) : [],
    warning: last?.type === "warning" ? clipped(logLines(last, state.cwd, width), isLate ? 1 : 3, width) : [],
  };
}

/** The board of the evaluation, or results of a run that has none. */
function tableOf(state: RunState, width: number): Pick<Texts, "table" | "nowAt"> {
  const table = boardView(state.board, width);
  if (table.body.length > 0) return { table, nowAt: nowLine(state.board, table.body.length) };
  return { table: resultsView(state.results, width, true), nowAt: Number.MAX_SAFE_INTEGER };
}

/** What the screen should show, the most important first. */
function wishes(state: RunState, ledgers: readonly Ledger[], texts: Texts, width: number): Wish<Section>[] {
  const hasBar = progressOf(state) !== null;
  const isWork = isTraining(state) || texts.table.body.length + texts.samples.length > 0;
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
function work(state: RunState, { samples, table }: Texts, width: number): Wish<Section>[] {
  if (isTraining(state)) {
    return [
      { section: "stats", rows: 1 },
      { section: "chart", rows: heights.chartMin },
      { section: "stats", rows: Math.min(2, statsRows(width)) },
    ];
  }
  const all = table.head.length + table.body.length;
  const first = samples[0]?.length ?? 0;
  return [
    ...growing<Section>("table", Math.min(3, all), Math.min(5, all)),
    ...growing<Section>("sample", Math.min(3, first), first),
  ];
}

/** What is nice to have. */
function more(state: RunState, { samples, sources, table }: Texts, width: number): Wish<Section>[] {
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
    ...(all > 0 && samples.length > 0 ? [{ section: "gap below table", rows: 1 } as const] : []),
    ...growing<Section>("table", 6, all),
    ...samples.map(
      (_, i): Wish<Section> => ({
        section: "sample",
        rows: samples.slice(0, i + 1).flat().length,
      }),
    ),
  ];
}
