import type { RunState } from "./state.ts";

export type ViewName = (typeof viewNames)[number];

/** In the order that tab goes through them. `now`: the work, and at the end what it comes to. */
export const viewNames = ["now", "loss", "board", "results", "samples", "rows", "log"] as const;

/** What the user looks at. */
export interface Looking {
  readonly view: ViewName;
  readonly isHelp: boolean;
  /** Lines of the view that are above the screen. */
  readonly offset: number;
  /** Which sample; null: the newest. */
  readonly sample: number | null;
}

export const atFirst: Looking = { view: "now", isHelp: false, offset: 0, sample: null };

export type Key =
  | "tab"
  | "back"
  | "up"
  | "down"
  | "pageUp"
  | "pageDown"
  | "home"
  | "end"
  | "left"
  | "right"
  | "help";

/** What is on the screen when a key is pressed. */
export interface Sight {
  views: readonly ViewName[];
  most: number;
  page: number;
  samples: number;
}

/** The views that have something to show. */
export function viewsOf(state: RunState): ViewName[] {
  const has: Record<ViewName, boolean> = {
    now: true,
    loss: state.training.last !== null,
    board: state.board.rows.size > 0,
    results: state.results.rows.size > 0,
    samples: state.samples.size > 0,
    rows: state.ledgers.size > 0,
    log: state.log.some(({ type }) => type !== "run.end"),
  };
  return viewNames.filter((name) => has[name]);
}

/** What the user looks at after a key. Pure. */
export function press(looking: Looking, key: Key, { views, most, page, samples }: Sight): Looking {
  if (key === "help") return { ...looking, isHelp: !looking.isHelp, offset: 0 };
  if (key === "tab" || key === "back") return { ...looking, ...turn(looking, views, key === "tab" ? 1 : -1) };
  if (key === "left" || key === "right") return nextSample(looking, key === "right" ? 1 : -1, samples);
  const offset = Math.min(most, Math.max(0, looking.offset));
  const moves: Record<Exclude<Key, "help" | "tab" | "back" | "left" | "right">, number> = {
    up: offset - 1,
    down: offset + 1,
    pageUp: offset - page,
    pageDown: offset + page,
    home: 0,
    end: most,
  };
  return { ...looking, offset: Math.min(most, Math.max(0, moves[key])) };
}

/** Another view from its first line on; the log from its last. */
function turn({ view, isHelp }: Looking, views: readonly ViewName[], by: number): Partial<Looking> {
  if (isHelp) return { isHelp: false, offset: 0 };
  const at = Math.max(0, views.indexOf(view));
  const next = views[(at + by + views.length) % views.length] ?? "now";
  return { view: next, offset: next === "log" ? Number.MAX_SAFE_INTEGER : 0 };
}

function nextSample(looking: Looking, by: number, samples: number): Looking {
  if (looking.view !== "samples" || looking.isHelp) return looking;
  const at = looking.sample ?? samples - 1;
  return { ...looking, sample: Math.min(samples - 1, Math.max(0, at + by)), offset: 0 };
}
