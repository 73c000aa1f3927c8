import { expect, it } from "vitest";
import { verdictLines } from "../../../src/cli/output/verdict-lines.ts";
import { verdictSection } from "../../../src/eval/report/sections/verdict-section.ts";
import { notesOf } from "../../../src/eval/verdict/notes.ts";
import { evalSpec } from "../eval-spec.ts";

const figure = (model: string, benchmark: string, metric: string, slice: string, value: number) => ({
  ...{ model, benchmark, metric, slice, value, n: 4 },
  better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
});

const notes = notesOf({
  version: 1,
  models: ["base", "tuned"].map((label) => ({ label, dir: "", sha256: "" })),
  settings: evalSpec({ benchmarks: [{ name: "long-probe" }, { name: "context-gain" }] }),
  results: ["base", "tuned"].flatMap((model, i) => [
    figure(model, "long-probe", "found", "vt, 512 tokens", 0.9),
    figure(model, "long-probe", "found", "vt, 2048 tokens", 0.5 + i / 2),
    figure(model, "context-gain", "perplexity", "256 tokens before", 20),
    figure(model, "context-gain", "perplexity", "2048 tokens before", 19 + 2 * i),
    figure(model, "perplexity", "perplexity", "512–1k", 3),
  ]),
  comparisons: [],
  counts: [],
});

it("says effective lengths and whether more context helps", () => {
  expect(notes).toEqual([
    {
      name: "length",
      text: "long-probe, effective length (at least 85.6 %): base 512 tokens, tuned 2,048 tokens",
    },
    { name: "context", text: "base: perplexity 20.00 with 256 tokens before, 19.00 with 2,048 (−5.0 %)" },
    { name: "context", text: "tuned: perplexity 20.00 with 256 tokens before, 21.00 with 2,048 (+5.0 %)" },
  ]);
});

it("stands behind the verdict in plain lines, and escaped in the report", () => {
  const verdict = {
    ...{ summary: "Better.", headlines: [], advice: [], next: [], files: [] },
    ...{ cost: { durationMs: 1, stages: [], text: "1 s" }, notes: [{ name: "length", text: "a < b" }] },
  };
  expect(verdictLines(verdict, "zebra")).toEqual([
    "verdict     Better.",
    "length      a < b",
    "cost        1 s",
  ]);
  expect(verdictSection(verdict, "zebra")).toContain("<p>a &#60; b</p>");
});
