import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../src/contracts/verdict.ts";
import { type ReportInput, renderReport } from "../../../src/eval/report/report-page.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import type { SampleLine } from "../../../src/eval/results/samples.ts";
import { headlinesOf, summaryOf } from "../../../src/eval/verdict/headlines.ts";
import { evalSpec } from "../eval-spec.ts";

const evil = `</pre><script>alert("x")</script>&'"><img src=x onerror=alert(1)>`;

function results(): Results {
  const figure = (model: string, benchmark: string, metric: string, slice: string, value: number) => ({
    ...{ model, benchmark, metric, slice, value, low: value * 0.9, high: value * 1.1, n: 7 },
    better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
  });
  const compared = { baseline: "before", model: evil, slice: "", n: 7 };
  return {
    version: 1,
    models: ["before", evil].map((label) => ({ label, dir: "", sha256: "0123456789abcdef" })),
    settings: evalSpec({ max_seq_tokens: 2048, benchmarks: [{ name: "perplexity" }, { name: "long-qa" }] }),
    results: ["before", evil].flatMap((model, i) => [
      figure(model, "perplexity", "nats_per_token", "", 3),
      figure(model, "perplexity", "perplexity", "", 30 - 10 * i),
      figure(model, "long-qa", "f1", "", 0.25 + i / 4),
      figure(model, "perplexity", "perplexity", "0–512", 40 - 10 * i),
      figure(model, "perplexity", "perplexity", "512–1k", 20 - 10 * i),
      figure(model, "passkey", "exact_match", "512 tokens, depth 25 %", i),
    ]),
    comparisons: [
      {
        ...{ ...compared, benchmark: "perplexity", metric: "perplexity", better: "lower" },
        ...{ before: 30, after: 20, difference: -10, low: -12, high: -8 },
      },
      {
        ...{ ...compared, benchmark: "long-qa", metric: "f1", better: "higher" },
        ...{ before: 0.25, after: 0.5, difference: 0.25, low: -0.01, high: 0.4 },
      },
    ],
    counts: [
      {
        ...{ model: "before", benchmark: "long-qa", items: 7, shortened: 2, tokens_cut: 345, failed: 1 },
        skipped: { "several turns": 3 },
      },
    ],
  };
}

const line = (f1: number, changes: Partial<SampleLine> = {}): SampleLine => ({
  ...{ id: "q", shortened: false, inputHash: "", tokens: 3 },
  scores: [{ slice: "", metric: "f1", sum: f1, weight: 1 }],
  ...{ promptTail: evil, target: evil, prediction: evil },
  ...changes,
});

function page(changes: Partial<ReportInput> = {}): string {
  const found = results();
  const headlines = headlinesOf(found);
  const verdict: Verdict = {
    ...{ summary: summaryOf(headlines), headlines, files: [] },
    cost: { durationMs: 1, stages: [], text: "1 min" },
    advice: [{ rule: "x", evidence: evil, advice: "train longer" }],
    next: [{ title: "try the checkpoint", command: `generate ${evil}` }],
  };
  const base: ReportInput = {
    ...{ name: evil, verdict, program: "npx zebra", results: found },
    about: {
      ...{ date: new Date(0), machine: evil, command: evil, recipe: evil, data: evil, cost: "1 min" },
      models: [{ label: evil, sha256: "0123456789abcdef", text: evil, config: evil }],
    },
    samples: {
      "long-qa": [
        [line(0.5, { prompt: { text: "What?", document: evil } }), line(0.25, { prediction: "" })],
        [line(1), { id: "q", shortened: true, cut: 12, inputHash: "", error: evil }],
      ],
    },
    ...{ training: [], data: undefined, mix: undefined, lengths: undefined },
  };
  return renderReport({ ...base, ...changes });
}

/** The text of the page as people read it. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf("<body>")).replace(/<script>[\s\S]*<\/script>/, "");
  return body.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

describe("the report", () => {
  it("no text from outside is markup, nothing is loaded, and only its own script may run", () => {
    const html = page();
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
    expect(scripts).toHaveLength(1);
    expect(html.match(/<script/g)).toHaveLength(1);
    const hash = createHash("sha256").update(scripts[0]![1]!).digest("base64");
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'"`,
    );
    expect(html).not.toMatch(/<img|\s(?:src|href)="|url\(|@import|https?:/);
    expect(html).toContain("failed: &#60;/pre&#62;&#60;script&#62;");
  });

  it("begins with the verdict, then what it cost, the machine and the command", () => {
    const text = textOf(
      page({ about: { ...aboutNothing, machine: "two cores", command: "npx zebra run r" } }),
    );
    const order = ["Better on perplexity.", "train longer", "npx zebra generate", "1 min", "two cores"];
    const places = [...order, "1970-01-01 00:00 UTC", "npx zebra run r", "All figures"].map((one) =>
      text.indexOf(one),
    );
    expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true);
  });

  it("says better and worse in signs and words, and nothing where an interval holds 0", () => {
    const html = page();
    expect(html.match(/<span class="mark better">▲ better<\/span>/g)).toHaveLength(2);
    expect(html).toContain('<span class="mark same">= no difference</span>');
    expect(html).not.toContain('<span class="mark worse">▼ worse</span>');
  });

  it("has the headline of a benchmark above its other metrics, with its slices below it", () => {
    const rows = page()
      .split("<tr>")
      .map((row) => textOf(`<body>${row}`).trim());
    const of = (start: string) => rows.findIndex((row) => row.startsWith(start));
    const head = of("perplexity perplexity 7 30 [27, 33] 20 [18, 22] −10 [−12, −8] ▲ better");
    expect(head).toBeGreaterThan(0);
    expect(rows[head + 1]).toContain("0–512 perplexity");
    expect(of("perplexity nats_per_token")).toBeGreaterThan(head);
    expect(page()).not.toContain("512 tokens, depth 25 %");
    expect(page()).toContain('<tr><th scope="row">depth 25 %</th><td');
  });

  it("says what was cut, what failed and what was not used", () => {
    expect(textOf(page())).toContain("long-qa before 3 several turns 7 2 345 1");
  });

  it("every cell knows its column, for narrow pages", () => {
    expect(page()).toContain('<td class="text" data-label="benchmark">long-qa</td>');
  });
});

const aboutNothing = {
  ...{ date: new Date(0), machine: "", command: undefined, recipe: undefined, data: "", cost: "1 min" },
  models: [],
};

describe("the samples", () => {
  it("have the question, the document to open, and each answer with its score and how it changed", () => {
    const html = page();
    const [, first, second] = html.split("<article");
    expect(first).toContain('data-benchmark="long-qa" data-change="worse" data-gain="-0.25"');
    expect(textOf(`<body>${first!.slice(first!.indexOf(">") + 1)}`)).toMatch(
      /^ ?long-qa ▼ −0.25 q What\? document \(3 tokens in all\) .* before · F1 0.5 .* · F1 0.25 nothing/,
    );
    // An answer that failed has no score: nothing is said of a change.
    expect(second).toContain('data-change="same"');
    expect(second).toContain("12 tokens of the prompt cut");
  });

  it("those that changed most are kept where not all fit, and it says so", () => {
    const long = (f1: number) => line(f1, { prediction: "a".repeat(3000), target: "b" });
    const many = Array.from({ length: 900 }, (_, i) => [long(0), long(i / 900)]);
    const html = page({ samples: { "long-qa": many } });
    expect(textOf(html)).toMatch(/\d+ of 900 questions, those that changed most/);
    expect(html).toContain(`data-gain="${899 / 900}"`);
    expect(html).not.toContain('data-gain="0"');
    expect(html.length).toBeLessThan(3_300_000);
  });
});

it("scores as others' scripts print them stand beside whose they are", () => {
  const found = {
    ...results(),
    sources: { longbench: { follows: "LongBench 2e00731", data: "<data>" } },
    printed: { longbench: { before: { qasper: { "0-4k": 12.5, "8k+": null }, mean: 7 } } },
  };
  const html = page({ results: found });
  expect(textOf(html)).toContain("longbench LongBench 2e00731, &#60;data&#62;");
  expect(textOf(html)).toMatch(/qasper 0-4k 12\.5 – qasper 8k\+ – – mean 7 –/);
});
