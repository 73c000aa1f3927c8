import { formatCount } from "../../src/format.ts";
import { glyphs } from "../theme.ts";
import { createCanvas, drawLine, rowText, setDot } from "./braille.ts";
import { points, type Series } from "./series.ts";

/** Characters of the same kind in one row of the plot. */
export interface PlotRun {
  /** The column of its first character. */
  x: number;
  kind: "raw" | "train" | "validation";
  text: string;
}

export interface Plot {
  /** From top to bottom: the label with its tick, then the curve. */
  rows: { y: number; label: string; runs: PlotRun[] }[];
  /** The horizontal axis, and its labels below it. */
  axis: string;
  axisLabels: string;
}

/**
 * The smoothed loss as a curve, the loss of single steps as dots around it and validations as marks, in an
 * area of `width` × `height` characters, including labels. Null when nothing can be drawn.
 */
export function plotLoss(options: {
  train: Series;
  smoothed: Series;
  validation: Series;
  totalSteps: number;
  width: number;
  height: number;
}): Plot | null {
  const raw = points(options.train);
  const train = points(options.smoothed);
  const validation = points(options.validation);
  const all = [...raw, ...train, ...validation];
  const height = options.height - 2;
  if (all.length === 0 || height < 1) return null;

  const [low, high] = paddedRange([...usual(raw), ...train, ...validation].map(({ value }) => value));
  const toRow = (value: number) => Math.round(((high - value) / (high - low)) * (height * 4 - 1));
  const ticks = ticksByRow(low, high, height, (value) => toRow(value) >> 2);
  const labelWidth = Math.max(...[...ticks.values()].map((label) => label.length), 1);
  const width = options.width - labelWidth - 2;
  if (width < 8) return null;

  const firstStep = Math.min(...all.map(({ step }) => step));
  const lastStep = stepAxisEnd(firstStep, Math.max(...all.map(({ step }) => step)), options.totalSteps);
  const toColumn = (step: number) =>
    Math.round(((step - firstStep) / (lastStep - firstStep)) * (width * 2 - 1));

  const dots = createCanvas(width, height);
  for (const { step, value } of raw) setDot(dots, toColumn(step), toRow(value));
  const canvas = createCanvas(width, height);
  for (const [i, point] of train.entries()) {
    const from = train[Math.max(0, i - 1)]!;
    drawLine(canvas, toColumn(from.step), toRow(from.value), toColumn(point.step), toRow(point.value));
  }
  const marks = new Set(
    validation.map(({ step, value }) => (toRow(value) >> 2) * width + (toColumn(step) >> 1)),
  );
  const rows = Array.from({ length: height }, (_, y) => {
    const label = ticks.get(y);
    return {
      y,
      label: `${(label ?? "").padStart(labelWidth)} ${label === undefined ? "│" : "┤"}`,
      runs: toRuns(rowText(canvas, y), rowText(dots, y), (x) => marks.has(y * width + x)),
    };
  });
  const indent = " ".repeat(labelWidth + 1);
  return {
    rows,
    axis: `${indent}└${"─".repeat(width)}`,
    axisLabels: `${indent} ${axisLabels(firstStep, lastStep, width)}`,
  };
}

/** Without the few steps far from the others, which would leave the curve no room: those are not drawn. */
function usual<Point extends { value: number }>(raw: readonly Point[]): Point[] {
  const sorted = [...raw].sort((a, b) => a.value - b.value);
  const out = Math.floor(sorted.length * 0.05);
  return sorted.slice(out, sorted.length - out);
}

/** Some room above and below, and a range for a flat curve. */
function paddedRange(values: readonly number[]): [low: number, high: number] {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(min), Math.abs(max), 1);
  const pad = max - min > size * 1e-6 ? (max - min) * 0.04 : size * 0.05;
  return [min - pad, max + pad];
}

/** Labels with round values, at least two where there is room, on rows at least two apart. */
function ticksByRow(
  low: number,
  high: number,
  height: number,
  rowOf: (value: number) => number,
): Map<number, string> {
  let step = roundUp(((high - low) * 2) / height);
  let ticks = ticksOf(step, low, high, rowOf);
  for (let tries = 0; tries < 4 && ticks.size < Math.min(2, Math.ceil(height / 2)); tries++) {
    step = roundDown(step / 2);
    ticks = ticksOf(step, low, high, rowOf);
  }
  return ticks;
}

function ticksOf(
  step: number,
  low: number,
  high: number,
  rowOf: (value: number) => number,
): Map<number, string> {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = new Map<number, string>();
  let lastRow = Number.POSITIVE_INFINITY;
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    const row = rowOf(i * step);
    if (lastRow - row < 2) continue;
    ticks.set(row, (i * step).toFixed(digits));
    lastRow = row;
  }
  return ticks;
}

/** The smallest of 1, 2, 5 · 10^k that is not below `value`. */
function roundUp(value: number): number {
  const down = roundDown(value);
  return down === value ? down : roundDown(down * 2.5);
}

/** The largest of 1, 2, 5 · 10^k that is not above `value`. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = value / power + 1e-9;
  return power * (factor >= 5 ? 5 : factor >= 2 ? 2 : 1);
}

/**
 * Where the step axis ends: at an eighth, a quarter, half or all of the training. So the curve soon fills the
 * plot, and the axis changes only three times.
 */
function stepAxisEnd(firstStep: number, lastStep: number, totalSteps: number): number {
  const span = totalSteps - firstStep;
  const ends = [8, 4, 2, 1].map((part) => firstStep + Math.ceil(span / part));
  return Math.max(ends.find((end) => end >= lastStep) ?? lastStep, firstStep + 1);
}

function axisLabels(first: number, last: number, width: number): string {
  const [left, right] = [formatCount(first), `${formatCount(last)} ${last === 1 ? "step" : "steps"}`];
  const middle = formatCount((first + last) / 2);
  const room = width - left.length - right.length;
  if (room < 1) return right.padStart(width).slice(0, width);
  const at = Math.floor(width / 2) - left.length;
  const hasMiddle = Number.isInteger((first + last) / 2) && room > middle.length + 8;
  return hasMiddle
    ? `${left}${" ".repeat(at)}${middle}`.padEnd(width - right.length) + right
    : left.padEnd(width - right.length) + right;
}

/** A mark hides the curve below it, and the curve the dots. */
function toRuns(curve: string, dots: string, isMark: (x: number) => boolean): PlotRun[] {
  const runs: PlotRun[] = [];
  const under = [...dots];
  for (const [x, char] of [...curve].entries()) {
    const kind = isMark(x) ? "validation" : char === " " ? "raw" : "train";
    const last = runs.at(-1);
    const shown = kind === "validation" ? glyphs.validation : kind === "raw" ? under[x]! : char;
    if (last?.kind === kind) last.text += shown;
    else runs.push({ x, kind, text: shown });
  }
  return runs;
}
