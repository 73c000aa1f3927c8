import { escapeHtml } from "../../../quote.ts";
import { format, roundTicks } from "./ticks.ts";

/** Further series repeat the colours. */
export const seriesColours = 6;

export interface Line {
  name: string;
  points: readonly { x: number; y: number }[];
  /** `faint`: behind the others, not in the legend. `dots`: its points are marked. */
  look?: "faint" | "dots";
  /** Number of its colour; default: its place among the lines. */
  colour?: number;
}

export interface Axes {
  title: string;
  x: string;
  y: string;
  /** Names of x values, in place of numbers. */
  labels?: readonly string[];
}

/**
 * Lines in a box that any width fits: the lines are SVG that stretches, the labels are HTML that does not, at
 * round numbers. An empty string without points.
 */
export function lineChart(lines: readonly Line[], axes: Axes): string {
  const drawable = lines
    .map((line, i) => ({
      ...line,
      colour: (line.colour ?? i) % seriesColours,
      points: line.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
    }))
    .filter(({ points }) => points.length > 0);
  const points = drawable.flatMap((line) => line.points);
  if (points.length === 0) return "";
  const yTicks = roundTicks(...spanOf(points.map(({ y }) => y)));
  const [x0, x1] = axes.labels ? [0, Math.max(1, axes.labels.length - 1)] : spanOf(points.map(({ x }) => x));
  const xTicks = axes.labels
    ? axes.labels.map((_, i) => i)
    : roundTicks(x0, x1).filter((x) => x >= x0 && x <= x1);
  const [y0, y1] = [yTicks[0]!, yTicks.at(-1)!];
  const left = (x: number): number => round(x1 > x0 ? (100 * (x - x0)) / (x1 - x0) : 50);
  const bottom = (y: number): number => round((100 * (y - y0)) / (y1 - y0));
  const shapes = drawable.map(({ points: own, look, colour }) => {
    const at = own.map(({ x, y }) => `${left(x)},${round(100 - bottom(y))}`);
    const path = `<polyline class="c${colour}${look === "faint" ? " faint" : ""}" points="${at.join(" ")}"/>`;
    // A line without length and with round ends is a dot that does not stretch.
    const dots = look === "dots" || own.length === 1 ? at.map((one) => `M${one}h0`).join("") : "";
    return dots === "" ? path : `${path}<path class="c${colour} dot" d="${dots}"/>`;
  });
  const grid = yTicks.map((y) => `<i class="grid" style="bottom:${bottom(y)}%"></i>`);
  const yLabels = yTicks.map((y) => `<span class="y" style="bottom:${bottom(y)}%">${format(y)}</span>`);
  const xLabels = xTicks.map(
    (x) =>
      `<span class="x" style="left:${left(x)}%">${escapeHtml(axes.labels ? axes.labels[x]! : format(x))}</span>`,
  );
  const label = escapeHtml(`${axes.title}: ${axes.y} by ${axes.x}`);
  return (
    `<figure class="chart"><figcaption><b>${escapeHtml(axes.title)}</b> ` +
    `<small>${escapeHtml(axes.y)}</small>${legend(drawable)}</figcaption><div class="plot">${grid.join("")}` +
    `<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">` +
    `${shapes.join("")}</svg>${yLabels.join("")}${xLabels.join("")}</div>` +
    `<div class="xname">${escapeHtml(axes.x)}</div></figure>`
  );
}

function legend(lines: readonly { name: string; colour: number; look?: Line["look"] }[]): string {
  const names = lines
    .filter(({ look }) => look !== "faint")
    .map(({ name, colour }) => `<span class="key c${colour}">${escapeHtml(name)}</span>`);
  return `<span class="legend">${names.join("")}</span>`;
}

function spanOf(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

const round = (value: number): number => Math.round(value * 100) / 100;
