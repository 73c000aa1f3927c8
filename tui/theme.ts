/** How the screen looks: colours, glyphs and widths. What it shows is decided elsewhere. */

/** Properties of an Ink `<Text>`. */
export interface Look {
  color?: string;
  bold?: boolean;
  dimColor?: boolean;
}

/** A look for each role of a text. Components use role names, never colours. */
export interface Theme {
  brand: Look;
  strong: Look;
  muted: Look;
  good: Look;
  caution: Look;
  bad: Look;
  running: Look;
  barDone: Look;
  barRest: Look;
  raw: Look;
  train: Look;
  validation: Look;
}

const colours: Theme = {
  brand: { color: "cyan", bold: true },
  strong: { bold: true },
  muted: { dimColor: true },
  good: { color: "green" },
  caution: { color: "yellow" },
  bad: { color: "red" },
  running: { color: "cyan" },
  barDone: { color: "cyan" },
  barRest: { dimColor: true },
  raw: { dimColor: true },
  train: { color: "cyan" },
  validation: { color: "yellow" },
};

/** For NO_COLOR: glyphs and words still tell everything apart. */
export const plainTheme: Theme = {
  brand: {},
  strong: {},
  muted: {},
  good: {},
  caution: {},
  bad: {},
  running: {},
  barDone: {},
  barRest: {},
  raw: {},
  train: {},
  validation: {},
};

/** Colours, unless NO_COLOR is set and not empty (https://no-color.org). */
export function themeFor(env: NodeJS.ProcessEnv): Theme {
  return env.NO_COLOR ? plainTheme : colours;
}

export const glyphs = {
  waiting: "○",
  running: "●",
  done: "✔",
  unchanged: "=",
  stopped: "■",
  failed: "✖",
  warning: "!",
  checkpoint: "◇",
  barDone: "━",
  barRest: "─",
  /** A piece of a curve, for the legend. */
  train: "⠤⠒",
  raw: "⠁⡀",
  validation: "◆",
  none: "–",
  separator: " · ",
  /** The line of a list that is chosen. */
  chosen: "▸",
} as const;

export const widths = {
  /** Smaller screens show one line. */
  minColumns: 40,
  minRows: 6,
  /** Empty columns on the left and right. */
  margin: 1,
  /** Between the columns of a table; 1 below `roomy`. */
  gap: 2,
  roomy: 70,
  /** The widest loss chart: a wider one does not show more. */
  chart: 110,
} as const;

export const heights = {
  chartMin: 6,
  chartGood: 10,
  chartMax: 16,
} as const;

export const pace = {
  framesPerSecond: 10,
  /** Clocks continue when nothing happens. */
  tickMs: 1000,
  /** A run that is done gives the terminal back by itself: another may wait for it. */
  lingerMs: 20_000,
} as const;
