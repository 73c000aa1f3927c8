import { expect, it } from "vitest";
import { lengthLines } from "../../../src/eval/lengths/length-lines.ts";
import { lengthProfiles } from "../../../src/eval/lengths/length-profile.ts";
import { placeOf, placeSlice } from "../../../src/eval/lengths/slices.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { evalSpec } from "../eval-spec.ts";

/** Figures of one model by slice. */
function results(byModel: Record<string, Record<string, number>>, benchmark = "long-probe"): Results {
  const metric = benchmark === "passkey" ? "exact_match" : "found";
  return {
    version: 1,
    models: Object.keys(byModel).map((label) => ({ label, dir: "", sha256: "" })),
    settings: evalSpec({ benchmarks: [{ name: benchmark }] }),
    results: Object.entries(byModel).flatMap(([model, slices]) =>
      Object.entries(slices).map(([slice, value]) => ({
        ...{ model, benchmark, metric, slice, value, n: 4 },
        better: "higher" as const,
      })),
    ),
    comparisons: [],
    counts: [],
  };
}

it("slices of places are read as they were written", () => {
  for (const place of [
    { length: 512 },
    { length: 512, depth: 0 },
    { task: "niah_single_1", length: 131072 },
    { task: "vt", length: 4096, depth: 100 },
  ])
    expect(placeOf(placeSlice(place))).toEqual(place);
  expect(placeOf("niah_single_1")).toBeUndefined();
  expect(placeOf("512 tokens before")).toBeUndefined();
});

it("a length's score is the mean of its tasks, not of its items, and averages are RULER's", () => {
  // Jamba-1.5-large in RULER's table: 96.7, 96.6, 96.4, 96.0, 95.4, 95.1; 96.0, 95.7 and 96.3 as printed.
  const scores = { 4096: 96.7, 8192: 96.6, 16384: 96.4, 32768: 96, 65536: 95.4, 131072: 95.1 };
  const slices = Object.fromEntries(
    Object.entries(scores).flatMap(([length, score]) => [
      [`vt, ${length} tokens`, score / 100 - 0.02],
      [`fwe, ${length} tokens`, score / 100 + 0.02],
      // What the items of all tasks come to, where they are not as many of each.
      [`${length} tokens`, 0.1],
      [`vt, ${length} tokens, depth 0 %`, 0],
    ]),
  );
  const [profile, ...others] = lengthProfiles(results({ tuned: slices }));
  expect(others).toEqual([]);
  expect(
    profile!.lengths.map(({ length, score, tasks }) => [length, Number(score.toFixed(6)), tasks]),
  ).toEqual(Object.entries(scores).map(([length, score]) => [Number(length), score, 2]));
  expect(profile!.effective).toBe(131072);
  const { average, increasing, decreasing } = profile!;
  expect([average, increasing, decreasing].map((one) => one.toFixed(1))).toEqual(["96.0", "95.7", "96.3"]);
});

it("the effective length is the largest from 85.6 % on, also behind one below it; none is null", () => {
  const [a, b] = lengthProfiles(
    results(
      {
        base: { "512 tokens": 0.855, "1024 tokens": 0.2 },
        tuned: { "512 tokens": 0.8, "1024 tokens": 0.856, "2048 tokens": 0.5 },
      },
      "passkey",
    ),
  );
  expect([a!.effective, b!.effective]).toEqual([null, 1024]);
  expect(lengthLines([a!, b!])).toEqual([
    "passkey, effective length (at least 85.6 %): base none (at best 85.5 %, at 512 tokens), tuned 1,024 tokens",
  ]);
});

it("says where lengths are of fewer tasks", () => {
  const profiles = lengthProfiles(
    results({ tuned: { "vt, 512 tokens": 1, "cwe, 1024 tokens": 1, "vt, 1024 tokens": 0.9 } }),
  );
  expect(lengthLines(profiles)).toEqual([
    "long-probe, effective length (mean of 1–2 tasks at least 85.6 %): tuned 1,024 tokens",
  ]);
});
