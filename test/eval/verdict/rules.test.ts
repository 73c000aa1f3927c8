import { describe, expect, it } from "vitest";
import type { EventOf } from "../../../src/contracts/events.ts";
import type { Recipe } from "../../../src/contracts/recipe.ts";
import type { Headline, Outcome } from "../../../src/contracts/verdict.ts";
import type { Control } from "../../../src/eval/controls/cheap-controls.ts";
import type { Contaminated } from "../../../src/eval/controls/control-results.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import type { AnswerFacts } from "../../../src/eval/verdict/answer-facts.ts";
import type { Evidence } from "../../../src/eval/verdict/evidence.ts";
import type { ruleCatalog } from "../../../src/eval/verdict/rules/index.ts";
import { adviceFrom } from "../../../src/eval/verdict/verdict.ts";
import type { MixManifest } from "../../../src/mixing/manifest.ts";
import { evalSpec } from "../eval-spec.ts";

const step = (n: number): EventOf<"train.step"> => ({
  ...{ type: "train.step", step: n, totalSteps: 90, lossNatsPerToken: 3, gradNorm: 1, lr: 1e-4 },
  ...{ tokens: 4000, supervisedTokens: 500, tokensPerSecond: 1000, memoryBytes: 1 },
});

const validation = (n: number, lossNatsPerToken: number): EventOf<"train.validation"> => ({
  ...{ type: "train.validation", step: n, lossNatsPerToken, supervisedTokens: 1000 },
});

function headline(benchmark: string, outcome: Outcome, changes: Partial<Headline> = {}): Headline {
  return {
    ...{ benchmark, metric: "f1", name: "F1", better: "higher", outcome, n: 40 },
    ...{ baseline: "before", model: "after", before: { value: 0.5 }, after: { value: 0.5 } },
    difference: { value: 0, low: -0.01, high: 0.01 },
    ...changes,
  };
}

const answers = (model: string, changes: Partial<AnswerFacts>): AnswerFacts => ({
  ...{ benchmark: "summarization", model, answers: 20, words: 40, referenceWords: 35 },
  ...{ empty: 0, cut: 0, thinking: 0, commonest: { text: "a", count: 1 } },
  ...changes,
});

const share = (supervised_tokens: number, max_repeats = 1) => ({
  render: "chat" as const,
  ...{ target_tokens: 0, sequences: 0, tokens: 0, supervised_tokens, max_repeats },
  ...{ available_sequences: 12, available_tokens: 0, examples: 0, examples_read: 0 },
});

const results = (counts: Partial<Results["counts"][number]>[] = []): Results => ({
  version: 1,
  models: ["before", "after"].map((label) => ({ label, dir: "", sha256: "" })),
  settings: evalSpec({ max_seq_tokens: 1, benchmarks: [{ name: "long-qa", limit: 40 }] }),
  results: [],
  comparisons: [],
  counts: counts.map((one) => ({
    ...{ model: "after", benchmark: "long-qa", items: 10, shortened: 0, failed: 0, skipped: {} },
    ...one,
  })),
});

/** A run that nothing is to be said about, with some things changed. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    ...{ recipe: undefined, data: undefined, mix: undefined, training: [], stages: {}, lengths: undefined },
    results: results(),
    headlines: [headline("long-qa", "better"), headline("passkey", "same")],
    answers: [answers("before", {}), answers("after", {})],
    steps: [step(90)],
    validations: [validation(0, 4), validation(60, 3.1), validation(90, 3.09)],
    ...changes,
  };
}

/** Results of the tuned model's long-qa with one control. */
const controlled = (control: Control) =>
  ({
    ...results([{}]),
    controls: [{ model: "after", benchmark: "long-qa", metric: "f1", better: "higher", ...control }],
  }) as Results;
const paired = (score: number, value: number, low: number, high: number) => ({
  ...{ score, value, difference: score - value, low, high, n: 40 },
});
const asked = { without_document: 0, failed: 0 };
const places = (right: number[], chosen: number[]) =>
  right.map((n, i) => ({ position: i + 1, n, right: 0, chosen: chosen[i]! }));
const contamination = (contaminated: Contaminated[]): Control => ({
  ...{ control: "contamination", rows: 100, n: 40, contaminated, score: 0.4 },
  clean: { value: 0.3, n: 39 },
});

const recipe = {
  finetune: { lr: 3e-4, epochs: 2 },
  mix: { max_seq_tokens: 2048, budget_tokens: 1000 },
  eval: { max_seq_tokens: 1024 },
} as Recipe;

const mix = (tasks: Record<string, number>, repeats = 1) =>
  ({
    tasks: Object.fromEntries(Object.entries(tasks).map(([name, n]) => [name, share(n)])),
    datasets: { notes: share(1, repeats) },
  }) as Pick<MixManifest, "tasks" | "datasets"> as MixManifest;

const perplexity = (after: number): Headline =>
  headline("perplexity", "worse", {
    ...{ metric: "perplexity", better: "lower", before: { value: 16.5 }, after: { value: after } },
    difference: { value: after - 16.5, low: 0.1, high: 0.2 },
  });

const ledger = (kept: number, over_length: number): EventOf<"ledger"> => ({
  ...{ type: "ledger", dataset: "notes", kept, dropped: over_length, shortened: 0, changed: 0 },
  reasons: { over_length },
});

const staged = (event: EventOf<"ledger">): Evidence["stages"] => ({
  mix: { durationMs: 1, summary: {}, ledger: [event] },
});

/** Each rule with evidence that it speaks up at, evidence just short of that, and what it must tell. */
const cases: Record<
  keyof typeof ruleCatalog,
  [speaks: Partial<Evidence>, silent: Partial<Evidence>, tells: string[]]
> = {
  "failed-items": [
    { results: results([{ failed: 2 }]) },
    { results: results([{ failed: 0 }]) },
    ["2 of 10 items of long-qa (after) failed"],
  ],
  "empty-answers": [
    { answers: [answers("before", { empty: 2 }), answers("after", { empty: 12 })] },
    { answers: [answers("before", { empty: 10 }), answers("after", { empty: 12 })] },
    ["60 % in summarization"],
  ],
  "lost-thoughts": [
    {
      headlines: [headline("summarization", "better")],
      answers: [answers("before", { thinking: 18 }), answers("after", { thinking: 1 })],
    },
    {
      headlines: [headline("summarization", "better")],
      answers: [answers("before", { thinking: 18 }), answers("after", { thinking: 15 })],
    },
    ["90 %", "5 %"],
  ],
  "short-answers": [
    {
      headlines: [headline("summarization", "better")],
      answers: [answers("before", { words: 41 }), answers("after", { words: 9 })],
      lengths: { packs: 1, ofPacks: 1, sequences: new Map(), answers: [74, ...Array(24).fill(20)] },
    },
    {
      headlines: [headline("summarization", "better")],
      answers: [answers("before", { words: 41 }), answers("after", { words: 9, referenceWords: 10 })],
    },
    ["41 words before, 9 after, 35 in the references", "96 % of the mix's answers have at most 32 tokens"],
  ],
  "perplexity-rose": [
    { headlines: [perplexity(19.7)], recipe },
    { headlines: [perplexity(16.9)], recipe },
    ["rose by 19 % (16.50 → 19.70)", "now 0.0003"],
  ],
  "unbalanced-tasks": [
    { headlines: [headline("summarization", "worse")], mix: mix({ qa: 74, summarization: 26 }) },
    { headlines: [headline("summarization", "worse")], mix: mix({ qa: 55, summarization: 45 }) },
    ["74 % of the supervised tokens are qa; worse: summarization"],
  ],
  "validation-rose": [
    { validations: [validation(0, 4), validation(30, 3), validation(90, 3.2)], recipe },
    { validations: [validation(0, 4), validation(30, 3), validation(90, 3.02)] },
    ["after step 30: 3.000 → 3.200 at step 90", "max_steps=30", "now 0.0003"],
  ],
  "never-ends": [
    { answers: [answers("after", { cut: 19, words: 60 })] },
    { answers: [answers("after", { cut: 19, words: 40 })] },
    ["summarization: 95 % of the answers"],
  ],
  "same-answer": [
    { answers: [answers("after", { commonest: { text: "1790", count: 12 } })] },
    { answers: [answers("after", { commonest: { text: "1790", count: 9 } })] },
    ['12 of 20 answers of summarization are "1790"'],
  ],
  "still-falling": [
    { validations: [validation(0, 4), validation(60, 3.4), validation(90, 3)], recipe },
    { validations: [validation(0, 4), validation(60, 3.4), validation(90, 3.38)] },
    ["by 12 % from step 60 to 90 (3.400 → 3.000)", "larger budget"],
  ],
  "no-difference": [
    { headlines: [headline("long-qa", "same"), headline("passkey", "same")], recipe },
    { headlines: [headline("long-qa", "same"), headline("passkey", "worse")] },
    ["after 90 steps over 500 supervised tokens", "now 0.0003"],
  ],
  "few-items": [
    { headlines: [headline("long-qa", "same", { difference: { value: 0, low: -0.1, high: 0.1 } })] },
    { headlines: [headline("long-qa", "better", { difference: { value: 0.3, low: 0.1, high: 0.5 } })] },
    ["long-qa (40 items: ± 10 %)", "raise their `limit`"],
  ],
  "many-comparisons": [
    {
      headlines: [
        headline("long-qa", "better", { p: 0.03, adjustedP: 0.06 }),
        headline("passkey", "same", { p: 0.4, adjustedP: 0.4 }),
      ],
    },
    { headlines: [headline("long-qa", "better", { p: 0.01, adjustedP: 0.02 })] },
    ["of 2 comparisons", "long-qa: p 0.030, 0.060 by Holm"],
  ],
  "without-document": [
    { results: controlled({ control: "no_context", ...paired(0.4, 0.38, -0.02, 0.06), ...asked }) },
    { results: controlled({ control: "no_context", ...paired(0.4, 0.2, 0.1, 0.3), ...asked }) },
    ["long-qa 0.4000 with it, 0.3800 without (40 questions, difference +0.02000 [-0.02000, +0.06000])"],
  ],
  "commonest-answer": [
    {
      results: controlled({
        control: "majority",
        ...paired(0.4, 0.45, -0.1, 0.01),
        answer: "yes",
        count: 18,
      }),
    },
    // Where no answer is right twice, the commonest one says nothing.
    { results: controlled({ control: "majority", ...paired(0, 0.025, -0.1, 0.01), answer: "x", count: 1 }) },
    ['long-qa: always "yes" scores 0.4500, the model 0.4000'],
  ],
  "same-place": [
    { results: controlled({ control: "position", positions: places([10, 10, 10, 10], [31, 3, 3, 3]) }) },
    { results: controlled({ control: "position", positions: places([10, 10, 10, 10], [13, 9, 9, 9]) }) },
    ["long-qa: 78 % of the choices are number 1, 25 % of the right ones"],
  ],
  "trained-on": [
    {
      results: controlled(
        contamination([{ id: "q3", kind: "question", share: 1, text: "t", row: "notes/7" }]),
      ),
    },
    { results: controlled(contamination([])) },
    ["1 of 40 of long-qa (first: q3, its question in notes/7); score 0.4000, without them 0.3000"],
  ],
  "over-length": [
    // Those that were shortened or changed are in the mix, too.
    { stages: staged({ ...ledger(10, 20), shortened: 40, changed: 30 }), recipe },
    { stages: staged(ledger(95, 5)), recipe },
    ["20 of 100 examples of notes (20 %)", "now 2048"],
  ],
  "shortened-items": [
    { results: results([{ shortened: 6 }]), recipe },
    { results: results([{ shortened: 4 }]) },
    ["60 % of long-qa", "now 1024"],
  ],
  "often-repeated": [
    { mix: mix({}, 4), recipe },
    { mix: mix({}, 2), recipe },
    ["notes up to 8 times (12 examples)"],
  ],
};

describe("advice", () => {
  it("there is none for a run that shows nothing of note", () => {
    expect(adviceFrom(evidence())).toEqual([]);
    const bare = { headlines: [], answers: [], steps: [], validations: [], results: undefined };
    expect(adviceFrom(evidence(bare))).toEqual([]);
  });

  it.each(Object.entries(cases))("%s: only where its evidence holds, with the numbers", (rule, one) => {
    const [speaks, silent, tells] = one;
    const own = (of: Partial<Evidence>) => adviceFrom(evidence(of)).filter((each) => each.rule === rule);
    const [found] = own(speaks);
    for (const text of tells) expect(`${found?.evidence} → ${found?.advice}`).toContain(text);
    expect(own(silent)).toEqual([]);
  });
});
