import { Box, Text } from "ink";
import type { BrowsedItem, SampleBook, WholeSample } from "../../src/contracts/browse.ts";
import { formatCount } from "../../src/format.ts";
import { Lines } from "../components/lines.tsx";
import { joinFacts } from "../facts.ts";
import { type Theme, widths } from "../theme.ts";
import { boardView } from "../views/board-lines.ts";
import { plain, type View } from "../views/lines.ts";
import { scrolled } from "../views/scroll.ts";
import type { Browsing, Sight } from "./browsing.ts";
import { oneLine } from "./fold.ts";
import { browserHelp, footKeys } from "./help-lines.ts";
import { filterLine, listView } from "./list-lines.ts";
import { boardOf } from "./score-lines.ts";
import { wholeView } from "./whole-lines.ts";

export interface Browsed {
  book: SampleBook;
  /** As it is shown of the book's folder. */
  title: string;
  browsing: Browsing;
  list: readonly BrowsedItem[];
  isSearching: boolean;
  /** The chosen item's, when it is read. */
  sample: { item: BrowsedItem; whole: WholeSample } | null;
}

export interface Size {
  columns: number;
  rows: number;
}

/** A browser of samples in all the room there is. Lower than the terminal: see RunScreen. */
export function BrowserScreen(props: Browsed & Size & { theme: Theme }) {
  const { book, title, browsing, list, isSearching, columns, rows, theme } = props;
  const width = columns - 2 * widths.margin;
  if (rows < 4 || width < 20) return null;
  const panel = panelRows(props);
  const view = viewOf(props, width, panel);
  const models = book.models.join(", ");
  const shown = browsing.view === "list" ? view : scrolled(view, browsing.offset, panel);
  const lines = "lines" in shown ? shown.lines : [...shown.head, ...shown.body];
  const strip = (["list", "sample", "scores"] as const).map((name) =>
    name === browsing.view && !browsing.isHelp ? `[${name}]` : name,
  );
  const isSmall = rows < smallRows;
  return (
    <Box flexDirection="column" paddingX={widths.margin} width={columns}>
      {!isSmall && (
        <Text wrap="truncate-end">
          <Text {...theme.brand}>zebra</Text>{" "}
          <Text {...theme.strong}>{oneLine(title, Math.max(16, width - models.length - 8), true)}</Text>{" "}
          <Text {...theme.muted}>{models}</Text>
        </Text>
      )}
      {!isSmall && (
        <Text wrap="truncate-end" {...theme.muted}>
          {strip.join("  ")}
        </Text>
      )}
      <Lines
        lines={[filterLine(browsing, list.length, book.items.length, isSearching)]}
        {...{ width, theme }}
      />
      {rows >= 18 && <Text> </Text>}
      <Lines lines={lines.slice(0, panel)} width={width} theme={theme} />
      {rows >= 18 && <Text> </Text>}
      {!isSmall && (
        <Text wrap="truncate-end" {...theme.muted}>
          {joinFacts(browsing.typing === null ? footKeys : ["Enter searches", "Esc leaves it"], width)}
        </Text>
      )}
    </Box>
  );
}

/** Below these only what narrows the list, and the list. */
const smallRows = 8;

/** What a key finds. */
export function sightOf(props: Browsed & Size): Sight {
  const { book, browsing, list, columns } = props;
  const panel = panelRows(props);
  const benchmarks = book.benchmarks.map(({ name }) => name);
  if (browsing.view === "list" && !browsing.isHelp)
    return { count: list.length, benchmarks, page: Math.max(1, panel - 1), most: 0 };
  const view = viewOf(props, columns - 2 * widths.margin, panel);
  return { count: list.length, benchmarks, ...scrolled(view, 0, panel) };
}

function panelRows({ rows }: Size): number {
  return rows < smallRows ? rows - 2 : rows - 5 - (rows >= 18 ? 2 : 0);
}

function viewOf({ book, browsing, list, sample }: Browsed, width: number, rows: number): View {
  if (browsing.isHelp) return browserHelp(width);
  if (browsing.view === "scores") return boardView(boardOf(book), width, true);
  if (list.length === 0) return { head: [], body: [plain("no samples like these; Esc lists all", "muted")] };
  const at = Math.min(browsing.at, list.length - 1);
  if (browsing.view === "list")
    return listView(book, list, at, { width, rows, isOneTask: browsing.benchmark !== null });
  const item = list[at]!;
  if (sample?.item !== item) return { head: [], body: [plain("reading", "muted")] };
  return wholeOnce(book, item, sample.whole, `${formatCount(at + 1)} of ${formatCount(list.length)}`, width);
}

/** A prompt can have a hundred thousand lines: they are made when it or the width changes, not at a key. */
let last: { parts: readonly unknown[]; view: View } | undefined;

function wholeOnce(...parts: Parameters<typeof wholeView>): View {
  if (last?.parts.every((part, i) => part === parts[i])) return last.view;
  last = { parts, view: wholeView(...parts) };
  return last.view;
}
