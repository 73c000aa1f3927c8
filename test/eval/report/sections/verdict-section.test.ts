import { expect, it } from "vitest";
import { verdictSection } from "../../../../src/eval/report/sections/verdict-section.ts";
import { pageStyle } from "../../../../src/eval/report/style.ts";

const verdict = {
  ...{ summary: "", headlines: [], files: [] },
  cost: { durationMs: 1, stages: [], text: "" },
  advice: [{ rule: "x", evidence: "short `a<b`", advice: "see `zebra inspect --tokens`; then go on" }],
  next: [{ title: "try it", command: "generate" }],
};

it("keys and commands in a sentence are shown as such, and data cannot make them", () => {
  const html = verdictSection(verdict, "npx zebra");
  expect(html).toContain("short <code>a&#60;b</code><br>→ <b>see <code>zebra inspect --tokens</code>; then");
});

it("on paper, where nobody can go on, the heading goes with the commands", () => {
  const html = verdictSection(verdict, "npx zebra");
  expect(html).toMatch(/<section class="next"><h2>Go on<\/h2>.*npx zebra generate.*<\/section>$/);
  expect(pageStyle).toMatch(/@media print\{.*\.next\{display:none\}/);
});
