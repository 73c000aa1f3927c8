import { expect, it } from "vitest";
import { lengths } from "../../../../src/eval/report/sections/lengths.ts";
import type { Results } from "../../../../src/eval/results/results.ts";
import { evalSpec } from "../../eval-spec.ts";

const figure = (model: string, slice: string, value: number, benchmark = "long-probe", metric = "found") => ({
  ...{ model, benchmark, metric, slice, value, n: 4 },
  better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
});

const results = (figures: Results["results"]): Results => ({
  version: 1,
  models: [{ label: "m<", dir: "", sha256: "" }],
  settings: evalSpec({ benchmarks: [{ name: "long-probe" }, { name: "context-gain" }] }),
  results: figures,
  comparisons: [],
  counts: [
    {
      model: "m<",
      benchmark: "long-probe",
      items: 1,
      shortened: 0,
      failed: 0,
      skipped: {},
      how: "not RULER's",
    },
  ],
});

it("every benchmark with depths has a map of depth by length, and one a task to open", () => {
  const html = lengths(
    results([
      figure("m<", "512 tokens, depth 0 %", 0.25),
      figure("m<", "1024 tokens, depth 0 %", 0.5),
      figure("m<", "512 tokens, depth 100 %", 0.75),
      figure("m<", "vt, 512 tokens, depth 0 %", 1),
    ]),
  );
  const maps = html.match(/<table class="heat">.*?<\/table>/g)!;
  expect(maps).toHaveLength(2);
  expect(maps[0]).toContain("long-probe: found by length and depth, m&#60;");
  expect(maps[0]!.replace(/<t[dh][^>]*>/g, "|").replace(/<[^>]+>/g, "")).toMatch(
    /\|\|512 tokens\|1,024 tokens\|depth 0 %\|0\.25\|0\.50\|depth 100 %\|0\.75\|–$/,
  );
  expect(html.indexOf("<details>")).toBeLessThan(html.indexOf(maps[1]!));
});

it("scores by length have a line, an effective length and averages, and say what they are of", () => {
  const html = lengths(
    results([
      figure("m<", "vt, 512 tokens", 0.9),
      figure("m<", "vt, 1024 tokens", 0.3),
      figure("m<", "cwe, 1024 tokens", 0.1),
    ]),
  );
  expect(html).toContain("long-probe by length");
  expect(html).toContain("long-probe: not RULER&#39;s.");
  for (const cell of ["512 tokens", "512: 90.0 (1 tasks) · 1,024: 20.0 (2 tasks)", "55.0", "43.3", "66.7"])
    expect(html).toContain(`>${cell}</td>`);
});

it("perplexity of the same tokens has a line over the tokens before them", () => {
  const html = lengths(
    results([
      figure("m<", "256 tokens before", 20, "context-gain", "perplexity"),
      figure("m<", "1024 tokens before", 18, "context-gain", "perplexity"),
    ]),
  );
  expect(html).toContain("Perplexity of the same tokens");
  expect(html).not.toContain("effective length");
});
