import type { Measured } from "../../../contracts/verdict.ts";
import { escapeHtml } from "../../../quote.ts";
import { seriesColours } from "./line-chart.ts";
import { format, roundTicks } from "./ticks.ts";

export interface IntervalRow {
  name: string;
  /** One for each series. */
  values: readonly (Measured | undefined)[];
}

/**
 * Values as dots with their intervals, on one scale from 0. A name stands above its values, so that no label
 * is cut or lies on another. An empty string without values.
 */
export function intervalChart(
  title: string,
  series: readonly string[],
  rows: readonly IntervalRow[],
): string {
  const values = rows.flatMap((row) => row.values.flatMap((one) => (one ? [one.high ?? one.value] : [])));
  if (values.length === 0) return "";
  const ticks = roundTicks(0, Math.max(0.01, ...values));
  const top = ticks.at(-1)!;
  const at = (value: number): number => Math.round((10_000 * value) / top) / 100;
  const drawn = rows.map(({ name, values: own }) => {
    const tracks = own.map((one, i) => {
      if (!one) return "";
      const { value, low = value, high = value } = one;
      const bar = `<i class="bar" style="left:${at(low)}%;width:${at(high - low)}%"></i>`;
      const label = `${series[i]}: ${format(value)}`;
      return (
        `<div class="track c${i % seriesColours}" role="img" aria-label="${escapeHtml(`${name}, ${label}`)}">` +
        `${bar}<i class="point" style="left:${at(value)}%"></i></div>`
      );
    });
    return `<div class="interval"><span>${escapeHtml(name)}</span>${tracks.join("")}</div>`;
  });
  const marks = ticks.map((x) => `<span class="x" style="left:${at(x)}%">${format(x)}</span>`);
  const keys = series.map((name, i) => `<span class="key c${i % seriesColours}">${escapeHtml(name)}</span>`);
  return (
    `<figure class="chart intervals"><figcaption><b>${escapeHtml(title)}</b>` +
    `<span class="legend">${keys.join("")}</span></figcaption>${drawn.join("")}` +
    `<div class="scale">${marks.join("")}</div></figure>`
  );
}

/** A difference and its interval beside no difference: where the bar leaves the middle line, it is one. */
export function differenceBar({ value, low = value, high = value }: Measured): string {
  const most = Math.max(Math.abs(value), Math.abs(low), Math.abs(high)) || 1;
  const at = (x: number): number => Math.round(5000 + (4800 * x) / most) / 100;
  const width = Math.round(100 * (at(high) - at(low))) / 100;
  return (
    `<div class="difference" aria-hidden="true"><i class="zero"></i>` +
    `<i class="bar" style="left:${at(low)}%;width:${width}%"></i>` +
    `<i class="point" style="left:${at(value)}%"></i></div>`
  );
}
