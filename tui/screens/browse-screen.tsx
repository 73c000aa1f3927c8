import { Box, Text } from "ink";
import { CompactLine } from "../components/compact-line.tsx";
import { Footer } from "../components/footer.tsx";
import { Header } from "../components/header.tsx";
import { Lines } from "../components/lines.tsx";
import { LossPanel } from "../components/loss-panel.tsx";
import { ProgressBar } from "../components/progress-bar.tsx";
import { TabStrip } from "../components/tab-strip.tsx";
import { type Looking, type Sight, viewsOf } from "../state/looking.ts";
import { progressOf } from "../state/progress.ts";
import type { RunState } from "../state/state.ts";
import { type Theme, widths } from "../theme.ts";
import { scrolled } from "../views/scroll.ts";
import { viewOf } from "../views/view.ts";

interface Size {
  columns: number;
  rows: number;
}

/** Rows besides the view: of the work, the tabs and the footer, as far as the screen has room for them. */
function frameRows(state: RunState, rows: number): { header: boolean; bar: boolean; gap: boolean } {
  return { header: state.end === null && rows >= 10, bar: state.end === null && rows >= 14, gap: rows >= 18 };
}

function panelRows(state: RunState, { rows }: Size): number {
  const { header, bar, gap } = frameRows(state, rows);
  return Math.max(1, rows - 3 - Number(header) - Number(bar) - 2 * Number(gap));
}

/** What a key finds: how far the view scrolls, and what other views there are. */
export function sightOf(state: RunState, looking: Looking, size: Size): Sight {
  const view = viewOf(state, looking, size.columns - 2 * widths.margin);
  const { most, page } = view ? scrolled(view, 0, panelRows(state, size)) : { most: 0, page: 1 };
  return { views: viewsOf(state), most, page, samples: state.samples.size };
}

/** One view in all the room there is, with the work in a row or two above it. Lower than the terminal. */
export function BrowseScreen(
  props: Size & { state: RunState; looking: Looking; canReadKeys: boolean; theme: Theme },
) {
  const { state, looking, columns, rows, canReadKeys, theme } = props;
  const width = columns - 2 * widths.margin;
  if (rows < 2 || width < 1) return null;
  if (rows < 4 || columns < widths.minColumns) {
    return (
      <Box paddingX={widths.margin} width={columns}>
        <CompactLine state={state} width={width} theme={theme} />
      </Box>
    );
  }
  const { header, bar, gap } = frameRows(state, rows);
  const progress = bar ? progressOf(state) : null;
  const view = viewOf(state, looking, width);
  const common = { width, theme };
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns}>
      {header && <Header state={state} rows={1} {...common} />}
      {bar && (progress ? <ProgressBar {...progress} rows={1} {...common} /> : <Text> </Text>)}
      <TabStrip looking={looking} views={viewsOf(state)} isOver={state.end !== null} theme={theme} />
      {gap && <Text> </Text>}
      {view ? (
        <Lines lines={scrolled(view, looking.offset, panelRows(state, props)).lines} {...common} />
      ) : (
        <LossPanel training={state.training} rows={panelRows(state, props)} {...common} />
      )}
      {gap && <Text> </Text>}
      <Footer state={state} canReadKeys={canReadKeys} {...common} />
    </Box>
  );
}
