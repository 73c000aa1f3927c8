import { describe, expect, it } from "vitest";
import { barChart, format, heatMap, lineChart } from "../../../src/eval/report/charts.ts";
import { type ReportInput, renderReport } from "../../../src/eval/report/report-page.ts";
import type { Results } from "../../../src/eval/results/results.ts";

const evil = `<script>alert("x")</script>&'`;

function results(): Results {
  const figure = (model: string, benchmark: string, metric: string, slice: string, value: number) => ({
    model,
    benchmark,
    metric,
    slice,
    better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
    value,
    low: value * 0.9,
    high: value * 1.1,
    n: 7,
  });
  return {
    version: 1,
    models: ["before", evil].map((label) => ({ label, dir: "", sha256: "0123456789abcdef" })),
    settings: { device: "cpu", datasets: null, max_seq_tokens: 2048, benchmarks: [{ name: "long-qa" }] },
    results: ["before", evil].flatMap((model, i) => [
      figure(model, "perplexity", "perplexity", "", 30 - 10 * i),
      figure(model, "long-qa", "f1", "", 0.25 + i / 4),
      figure(model, "perplexity", "perplexity", "0–512", 40 - 10 * i),
      figure(model, "perplexity", "perplexity", "512–1k", 20 - 10 * i),
      figure(model, "passkey", "exact_match", "512 tokens, depth 25 %", i),
    ]),
    comparisons: [
      {
        benchmark: "perplexity",
        baseline: "before",
        model: evil,
        metric: "perplexity",
        better: "lower",
        slice: "",
        before: 30,
        after: 20,
        difference: -10,
        low: -12,
        high: -8,
        n: 7,
      },
      {
        benchmark: "long-qa",
        baseline: "before",
        model: evil,
        metric: "f1",
        better: "higher",
        slice: "",
        before: 0.25,
        after: 0.5,
        difference: 0.25,
        low: -0.01,
        high: 0.4,
        n: 7,
      },
    ],
    counts: [
      {
        model: "before",
        benchmark: "long-qa",
        items: 7,
        shortened: 2,
        failed: 1,
        skipped: { "several turns": 3 },
      },
    ],
  };
}

function page(changes: Partial<ReportInput> = {}): string {
  const base: ReportInput = {
    name: evil,
    results: results(),
    samples: {
      "long-qa": [
        [
          {
            id: "q",
            shortened: false,
            inputHash: "",
            scores: [],
            promptTail: evil,
            target: evil,
            prediction: evil,
            tokens: 3,
          },
          { id: "q", shortened: false, inputHash: "", error: evil },
        ],
      ],
    },
    training: [],
    data: undefined,
    mix: undefined,
  };
  return renderReport({ ...base, ...changes });
}

describe("the report", () => {
  it("escapes names, labels, prompts, answers and errors, and loads nothing", () => {
    const html = page();
    expect(html).not.toContain("<script");
    expect(html).toContain("failed: &#60;script&#62;");
    expect(html).not.toMatch(/\b(?:src|href)=|url\(|@import|https?:/);
  });

  it("has a row a figure, slices under their whole, and colours only differences that leave out 0", () => {
    const rows = page()
      .split("<tr>")
      .map((row) =>
        row
          .replace(/<[^>]*>/g, " ")
          .replace(/\s+/g, " ")
          .trim(),
      );
    const at = rows.findIndex((row) => row.startsWith("perplexity perplexity 7 30"));
    expect(rows[at]).toBe("perplexity perplexity 7 30 [27, 33] 20 [18, 22] -10 [-12, -8]");
    expect(rows[at + 1]).toContain("0–512 perplexity");
    expect(page().match(/<td class="better">/g)).toHaveLength(1);
    expect(page().match(/<td class="worse">/g)).toBeNull();
    expect(page()).not.toContain("512 tokens, depth 25 %");
    expect(page()).toContain("<tr><th>25</th><td");
  });

  it("says what was cut, what failed and what was not used", () => {
    expect(page().replace(/<[^>]*>/g, "|")).toContain("long-qa||before||3 several turns||7||2||1");
  });

  it("draws training and validation where there was training", () => {
    const step = (n: number, lossNatsPerToken: number) =>
      ({ type: "train.validation", step: n, lossNatsPerToken, supervisedTokens: 1 }) as const;
    expect(page()).not.toContain("<h2>Training</h2>");
    expect(page({ training: [step(0, 5), step(10, 3)] })).toMatch(
      /<h2>Training<\/h2><svg[^>]*>.*polyline class="c1" points="76,34 832,258"/,
    );
  });
});

describe("charts", () => {
  it("put the smallest value at the bottom and the largest at the top", () => {
    const svg = lineChart(
      [
        {
          name: "a",
          points: [
            { x: 1, y: 4 },
            { x: 3, y: 2 },
            { x: 2, y: Number.NaN },
          ],
        },
      ],
      { x: "x", y: "y" },
    );
    expect(svg).toContain('points="76,34 832,258"');
    expect(lineChart([{ name: "a", points: [] }], { x: "x", y: "y" })).toBe("");
  });

  it("give bars the height of their share, with whiskers for intervals", () => {
    const svg = barChart(
      ["a", "b"],
      [{ name: "qa f1", bars: [{ value: 0.5 }, { value: 1, low: 0.5, high: 1 }] }],
    );
    expect([...svg.matchAll(/ height="([\d.]+)"/g)].map(([, height]) => Number(height))).toEqual([112, 224]);
    expect(svg.match(/class="whisker"/g)).toHaveLength(1);
  });

  it("shade cells by their value", () => {
    const html = heatMap("t", ["0"], ["512", "1k"], (_, column) => (column === "512" ? 0.5 : undefined));
    expect(html).toContain('var(--c1) 35%, transparent)">0.50</td><td>–</td>');
  });

  it("write four significant digits", () => {
    expect([0.123456, 12345.6, 1, Number.NaN].map((value) => format(value))).toEqual([
      "0.1235",
      "12,346",
      "1",
      "–",
    ]);
  });
});
