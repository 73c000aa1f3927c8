import { escapeHtml } from "../../../quote.ts";
import { seriesColours } from "./line-chart.ts";
import { format } from "./ticks.ts";

/**
 * Counts by doubling lengths, the series stacked: `256–511`. The first bin has all below twice `from`, a
 * power of two. An empty string where there are none.
 */
export function lengthHistogram(
  title: string,
  series: ReadonlyMap<string, readonly number[]>,
  from = 32,
): string {
  const least = Math.log2(from);
  const all = [...series.values()].flat();
  if (all.length === 0) return "";
  const binOf = (tokens: number): number => Math.max(least, Math.floor(Math.log2(Math.max(1, tokens))));
  const bins = all.map(binOf);
  const [first, last] = [bins.reduce((a, b) => Math.min(a, b)), bins.reduce((a, b) => Math.max(a, b))];
  const names = [...series.keys()].toSorted();
  const rows = Array.from({ length: last - first + 1 }, (_, i) => {
    const counts = names.map((name) => series.get(name)!.filter((n) => binOf(n) === first + i).length);
    return { low: first + i === least ? 0 : 2 ** (first + i), high: 2 ** (first + i + 1) - 1, counts };
  });
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const most = Math.max(...rows.map(({ counts }) => sum(counts)));
  const drawn = rows.map(({ low, high, counts }) => {
    const parts = counts.map((count, i) => {
      if (count === 0) return "";
      const width = Math.round((10_000 * count) / most) / 100;
      const what = escapeHtml(`${names[i]}: ${format(count)}`);
      return `<i class="c${i % seriesColours}" style="width:${width}%" title="${what}"></i>`;
    });
    return (
      `<div class="bin"><span>${format(low)}–${format(high)}</span>` +
      `<div class="stack">${parts.join("")}</div><span>${format(sum(counts))}</span></div>`
    );
  });
  const keys = names.map((name, i) => `<span class="key c${i % seriesColours}">${escapeHtml(name)}</span>`);
  return (
    `<figure class="chart bins"><figcaption><b>${escapeHtml(title)}</b>` +
    `<span class="legend">${keys.join("")}</span></figcaption>${drawn.join("")}</figure>`
  );
}
