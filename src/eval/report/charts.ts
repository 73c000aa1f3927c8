import { escapeHtml } from "../../quote.ts";

/**
 * Charts as strings of SVG and HTML. No scripts; colours are CSS variables, so that one page works in light
 * and dark.
 */
export interface Line {
  name: string;
  points: { x: number; y: number }[];
}

/** Further series repeat the colours. */
export const seriesColours = 5;

/** A few significant digits; whole numbers from a thousand on. */
export function format(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(digits)));
}

const size = { width: 860, height: 300, left: 64, right: 16, top: 34, bottom: 42 };

const plot = {
  x0: size.left,
  x1: size.width - size.right,
  y0: size.height - size.bottom,
  y1: size.top,
};

/** Lines over a numeric axis. `labels` gives names to x values. An empty string when there are no points. */
export function lineChart(
  lines: readonly Line[],
  axes: { x: string; y: string; labels?: Record<number, string> },
): string {
  const drawable = lines.map(({ name, points }) => ({
    name,
    points: points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const points = drawable.flatMap((line) => line.points);
  if (points.length === 0) return "";
  const [x0, x1] = spanOf(points.map(({ x }) => x));
  const [y0, y1] = spanOf(points.map(({ y }) => y));
  const px = (x: number) => round(plot.x0 + 12 + ((x - x0) / (x1 - x0)) * (plot.x1 - plot.x0 - 24));
  const py = (y: number) => round(plot.y0 + ((y - y0) / (y1 - y0)) * (plot.y1 - plot.y0));
  const ticks = axes.labels ? Object.keys(axes.labels).map(Number) : [x0, (x0 + x1) / 2, x1];
  const marks = ticks.map((x) => text(px(x), plot.y0 + 16, "middle", axes.labels?.[x] ?? format(x)));
  const drawn = drawable.map(({ points: own }, i) => {
    const colour = `c${i % seriesColours}`;
    const path = own.map(({ x, y }) => `${px(x)},${py(y)}`).join(" ");
    const dots = own.map(
      ({ x, y }) =>
        `<circle class="${colour}" r="3" cx="${px(x)}" cy="${py(y)}">` +
        `<title>${escapeHtml(axes.labels?.[x] ?? format(x))}: ${format(y)}</title></circle>`,
    );
    return `<polyline class="${colour}" points="${path}"/>${own.length <= 24 ? dots.join("") : ""}`;
  });
  const caption = [
    text(size.width / 2, size.height - 6, "middle", axes.x),
    text(4, 14, "start", axes.y),
    legend(drawable.map(({ name }) => name)),
  ];
  return svg(`${axes.y} by ${axes.x}`, [...gridLines(y0, y1), ...marks, ...drawn, ...caption]);
}

export interface Bar {
  value: number;
  low?: number;
  high?: number;
}

/**
 * Groups of bars for values in [0, 1], one bar for each series, with intervals as whiskers. An empty string
 * without groups.
 */
export function barChart(
  series: readonly string[],
  groups: readonly { name: string; bars: readonly (Bar | undefined)[] }[],
): string {
  const values = groups.flatMap(({ bars }) => bars.flatMap((bar) => (bar ? [bar.high ?? bar.value] : [])));
  if (values.length === 0) return "";
  const top = Math.max(0.01, ...values);
  const py = (value: number) => round(plot.y0 + (value / top) * (plot.y1 - plot.y0));
  const groupWidth = (plot.x1 - plot.x0) / groups.length;
  const barWidth = (groupWidth * 0.7) / series.length;
  const drawn = groups.flatMap(({ name, bars }, g) => {
    const left = plot.x0 + groupWidth * (g + 0.15);
    const rects = bars.map((bar, i) => {
      if (!bar) return "";
      const [x, y] = [round(left + i * barWidth), py(bar.value)];
      const middle = round(left + (i + 0.5) * barWidth);
      const whisker =
        bar.low === undefined || bar.high === undefined
          ? ""
          : `<line class="whisker" x1="${middle}" x2="${middle}" y1="${py(bar.low)}" y2="${py(bar.high)}"/>`;
      const title = escapeHtml(`${series[i]}: ${format(bar.value)}`);
      return (
        `<rect class="c${i % seriesColours}" x="${x}" y="${y}" width="${round(barWidth * 0.92)}" ` +
        `height="${round(plot.y0 - y)}"><title>${title}</title></rect>${whisker}`
      );
    });
    // Two lines, so that long names fit.
    const [first, ...rest] = name.split(" ");
    const middle = left + groupWidth * 0.35;
    return [
      ...rects,
      text(middle, plot.y0 + 16, "middle", first!),
      text(middle, plot.y0 + 30, "middle", rest.join(" ")),
    ];
  });
  return svg("shares by benchmark", [...gridLines(0, top), ...drawn, legend(series)]);
}

/** A table of values from 0 to 1, shaded by value. */
export function heatMap(
  title: string,
  rows: readonly string[],
  columns: readonly string[],
  cell: (row: string, column: string) => number | undefined,
): string {
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join("");
  const body = rows.map((row) => {
    const cells = columns.map((column) => {
      const value = cell(row, column);
      if (value === undefined) return "<td>–</td>";
      // At most 70 %, so that the number stays readable.
      const share = Math.round(70 * Math.min(1, Math.max(0, value)));
      const shade = `color-mix(in srgb, var(--c1) ${share}%, transparent)`;
      return `<td style="background:${shade}">${value.toFixed(2)}</td>`;
    });
    return `<tr><th>${escapeHtml(row)}</th>${cells.join("")}</tr>`;
  });
  return (
    `<table class="heat"><caption>${escapeHtml(title)}</caption>` +
    `<tr><th></th>${head}</tr>${body.join("")}</table>`
  );
}

function spanOf(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

function gridLines(y0: number, y1: number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = round(plot.y0 + share * (plot.y1 - plot.y0));
    const label = text(plot.x0 - 8, y + 4, "end", format(y0 + share * (y1 - y0)));
    return `<line class="grid" x1="${plot.x0}" x2="${plot.x1}" y1="${y}" y2="${y}"/>${label}`;
  });
}

/** The names of the series in their colours, in one line at the top right. */
function legend(names: readonly string[]): string {
  const spans = names.map(
    (name, i) => `<tspan class="c${i % seriesColours}" dx="12">● ${escapeHtml(name)}</tspan>`,
  );
  return `<text x="${plot.x1}" y="14" text-anchor="end">${spans.join("")}</text>`;
}

function text(x: number, y: number, anchor: "start" | "middle" | "end", content: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function svg(label: string, parts: readonly string[]): string {
  return (
    `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" ` +
    `aria-label="${escapeHtml(label)}">${parts.join("")}</svg>`
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;
