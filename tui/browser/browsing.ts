import {
  type BrowsedItem,
  isWanted,
  lengthSteps,
  type SampleFilter,
  sampleFilters,
} from "../../src/contracts/browse.ts";

/** What the user of the browser looks at. */
export interface Browsing {
  readonly view: "list" | "sample" | "scores";
  readonly isHelp: boolean;
  readonly filter: SampleFilter;
  readonly benchmark: string | null;
  /** Place in `lengthSteps`. */
  readonly length: number | null;
  /** What the list is searched for; "" for nothing. */
  readonly search: string;
  /** While a search is being typed: the text so far. */
  readonly typing: string | null;
  /** The chosen item's place in the list. */
  readonly at: number;
  /** Lines of a sample, or of another text, that are above the screen. */
  readonly offset: number;
}

export const atFirst: Browsing = {
  view: "list",
  isHelp: false,
  filter: "all",
  benchmark: null,
  length: null,
  search: "",
  typing: null,
  at: 0,
  offset: 0,
};

export type BrowserKey =
  | "up"
  | "down"
  | "left"
  | "right"
  | "pageUp"
  | "pageDown"
  | "home"
  | "end"
  | "tab"
  | "back"
  | "enter"
  | "escape"
  | "help"
  | "filter"
  | "filterBack"
  | "benchmark"
  | "length"
  | "search";

/** What is there when a key is pressed. */
export interface Sight {
  /** Items in the list. */
  count: number;
  benchmarks: readonly string[];
  /** Lines that a page has, and the offset at which the last line is in sight. */
  page: number;
  most: number;
}

/** What is looked at after a key. Pure. */
export function press(before: Browsing, key: BrowserKey, sight: Sight): Browsing {
  if (key === "help") return { ...before, isHelp: !before.isHelp, offset: 0 };
  if (before.isHelp) {
    if (key === "escape" || key === "enter" || key === "tab") return { ...before, isHelp: false, offset: 0 };
    return scrolledBy(before, key, sight);
  }
  switch (key) {
    case "tab":
    case "back":
      return turned(before, key === "tab" ? 1 : -1);
    case "filter":
      return refiltered(before, { filter: around(sampleFilters, before.filter, 1) });
    case "filterBack":
      return refiltered(before, { filter: around(sampleFilters, before.filter, -1) });
    case "benchmark":
      return refiltered(before, { benchmark: around([null, ...sight.benchmarks], before.benchmark, 1) });
    case "length":
      return refiltered(before, { length: around([null, ...lengthSteps.keys()], before.length, 1) });
    case "search":
      return { ...before, view: "list", typing: "", offset: 0 };
    case "enter":
      if (before.view === "sample") return { ...before, view: "list", offset: 0 };
      return before.view === "list" && sight.count > 0 ? { ...before, view: "sample", offset: 0 } : before;
    case "escape":
      if (before.view !== "list") return { ...before, view: "list", offset: 0 };
      return refiltered(before, { filter: "all", benchmark: null, length: null, search: "" });
    case "left":
    case "right":
      if (before.view === "sample") return chosen(before, before.at + (key === "right" ? 1 : -1), sight);
      if (before.view === "list")
        return refiltered(before, {
          filter: around(sampleFilters, before.filter, key === "right" ? 1 : -1),
        });
      return before;
    default:
      return before.view === "list" ? movedBy(before, key, sight) : scrolledBy(before, key, sight);
  }
}

/** A key while a search is typed. */
export function type(
  before: Browsing,
  input: string,
  key: { enter: boolean; erase: boolean; escape: boolean },
) {
  const { typing } = before;
  if (typing === null || key.escape) return { ...before, typing: null };
  if (key.enter) return { ...refiltered(before, { search: typing.trim() }), typing: null };
  return { ...before, typing: key.erase ? typing.slice(0, -1) : typing + input };
}

/** The items that are listed. `found`: those of the search; null while there is none. */
export function listOf(
  items: readonly BrowsedItem[],
  { filter, benchmark, length }: Browsing,
  found: ReadonlySet<BrowsedItem> | null,
): readonly BrowsedItem[] {
  if (filter === "all" && benchmark === null && length === null && found === null) return items;
  const wanted = { filter, benchmark, length, found };
  return items.filter((item) => isWanted(item, wanted));
}

function refiltered(before: Browsing, change: Partial<Browsing>): Browsing {
  return { ...before, ...change, view: "list", at: 0, offset: 0 };
}

const views = ["list", "sample", "scores"] as const;

function turned(before: Browsing, by: number): Browsing {
  return { ...before, view: around(views, before.view, by), offset: 0 };
}

function around<T>(all: readonly T[], now: T, by: number): T {
  return all[(Math.max(0, all.indexOf(now)) + by + all.length) % all.length]!;
}

function chosen(before: Browsing, at: number, { count }: Sight): Browsing {
  return { ...before, at: Math.max(0, Math.min(count - 1, at)), offset: 0 };
}

function movedBy(before: Browsing, key: BrowserKey, sight: Sight): Browsing {
  const { page, count } = sight;
  const steps: Partial<Record<BrowserKey, number>> = {
    up: -1,
    down: 1,
    pageUp: -page,
    pageDown: page,
    home: -count,
    end: count,
  };
  return chosen(before, Math.min(before.at, count - 1) + (steps[key] ?? 0), sight);
}

function scrolledBy(before: Browsing, key: BrowserKey, { page, most }: Sight): Browsing {
  const offset = Math.min(most, before.offset);
  const to: Partial<Record<BrowserKey, number>> = {
    up: offset - 1,
    down: offset + 1,
    pageUp: offset - page,
    pageDown: offset + page,
    home: 0,
    end: most,
  };
  return { ...before, offset: Math.max(0, Math.min(most, to[key] ?? offset)) };
}
