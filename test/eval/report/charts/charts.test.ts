import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heatMap } from "../../../../src/eval/report/charts/heat-map.ts";
import { lengthHistogram } from "../../../../src/eval/report/charts/histogram.ts";
import { differenceBar, intervalChart } from "../../../../src/eval/report/charts/interval-chart.ts";
import { lineChart } from "../../../../src/eval/report/charts/line-chart.ts";
import { format, formatSigned, roundTicks } from "../../../../src/eval/report/charts/ticks.ts";

const evil = `<script>alert("x")</script>`;

describe("ticks", () => {
  // They were the quarters of the span: 14.73, 16.52 …
  it("are at round numbers", () => {
    expect(roundTicks(14.73, 21.9)).toEqual([14, 16, 18, 20, 22]);
    expect(roundTicks(0, 65)).toEqual([0, 20, 40, 60, 80]);
    expect(roundTicks(0.021, 0.0885)).toEqual([0.02, 0.04, 0.06, 0.08, 0.1]);
  });

  it("begin at or below the least and end at or above the most, each apart from the next", () => {
    const numbers = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1000);
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = roundTicks(low, high);
        const slack = 1e-6 * Math.max(1e-9, high - low, Math.abs(low));
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(ticks[0]).toBeLessThanOrEqual(low + slack);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - slack);
      }),
    );
  });

  it("write a few significant digits", () => {
    expect([0.123456, 12345.6, 1, Number.NaN].map((value) => format(value))).toEqual([
      ...["0.1235", "12,346", "1", "–"],
    ]);
    expect([0.12, -0.12, 0].map((value) => formatSigned(value))).toEqual(["+0.12", "−0.12", "0"]);
  });
});

describe("a line chart", () => {
  it("stretches its lines and not its labels, the least at the bottom and the most at the top", () => {
    const points = [
      { x: 0, y: 4 },
      { x: 10, y: 2 },
      { x: 5, y: Number.NaN },
    ];
    const html = lineChart([{ name: evil, points }], { title: "t", x: "step", y: "loss" });
    expect(html).toContain('preserveAspectRatio="none"');
    expect(html).toContain('points="0,0 100,100"');
    expect(html).toContain('<span class="y" style="bottom:0%">2</span>');
    expect(html).toContain('<span class="x" style="left:100%">10</span>');
    expect(html).not.toContain("<script");
    expect(lineChart([{ name: "a", points: [] }], { title: "t", x: "x", y: "y" })).toBe("");
  });
});

describe("an interval chart", () => {
  it("has each value on one scale from 0, and says it in words too", () => {
    const html = intervalChart(
      "t",
      ["before", evil],
      [{ name: "qa f1", values: [{ value: 0.5 }, { value: 0.8, low: 0.6, high: 1 }] }],
    );
    expect(html).toContain('<i class="point" style="left:50%">');
    expect(html).toContain('<i class="bar" style="left:60%;width:40%">');
    expect(html).toContain('aria-label="qa f1, before: 0.5"');
    expect(html).not.toContain("<script");
    expect(intervalChart("t", ["a"], [{ name: "x", values: [undefined] }])).toBe("");
  });

  it("of a difference leaves the middle line out where there is one", () => {
    expect(differenceBar({ value: 2, low: 1, high: 4 })).toContain('style="left:62%;width:36%"');
    expect(differenceBar({ value: 0 })).toContain('class="point" style="left:50%"');
  });
});

it("a heat map has the number in every cell beside its shade", () => {
  const html = heatMap("t", ["0"], ["512", "1k"], (_, column) => (column === "512" ? 0.5 : undefined));
  expect(html).toContain('var(--c1) 35%, transparent)">0.50</td><td>–</td>');
});

it("a histogram counts by doubling lengths, the datasets side by side", () => {
  const html = lengthHistogram(
    "t",
    new Map([
      ["notes", [3, 64, 127]],
      ["addresses", [100, 512]],
    ]),
  );
  const rows = [...html.matchAll(/<div class="bin">(.*?)<\/div><span>(\d+)<\/span>/g)];
  const names = rows.map(([, row, count]) => [/<span>([^<]*)/.exec(row!)![1], count]);
  expect(names).toEqual([
    ["0–63", "1"],
    ["64–127", "3"],
    ["128–255", "0"],
    ["256–511", "0"],
    ["512–1,023", "1"],
  ]);
  expect(lengthHistogram("t", new Map())).toBe("");
});
