import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Written {
  /** The F1 of every item of the tuned model, and of the model before it. */
  after: number;
  before?: number;
  /** Ids of the questions. */
  items?: string[];
  /** Of the model before. */
  sha256?: string;
  lr?: number;
  benchmark?: string;
  metric?: string;
}

/** The folder of an evaluated run, as far as comparisons read it. */
export function writeRun(
  dir: string,
  {
    after,
    before = 0.9,
    items = [..."abcefghi"],
    sha256 = "base",
    lr = 1e-4,
    benchmark = "long-qa",
    metric = "f1",
  }: Written,
): void {
  const figure = { benchmark, metric, better: "higher", n: items.length, slice: "" };
  const models = [
    { label: "before", dir: "", sha256 },
    { label: "after", dir: "", sha256: dir },
  ];
  const values = { before, after };
  for (const [label, f1] of Object.entries(values)) {
    mkdirSync(join(dir, "eval", "samples", label), { recursive: true });
    const lines = items.map((id, i) => ({
      ...{ id, shortened: false, inputHash: `hash of ${id}`, promptTail: "", target: "t", prediction: "p" },
      tokens: 1,
      scores: [{ slice: "", metric, sum: f1 + i / 1000, weight: 1 }],
    }));
    writeFileSync(
      join(dir, "eval", "samples", label, `${benchmark}.jsonl`),
      [{ key: "k" }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  }
  const results = {
    ...{ version: 1, models, comparisons: [], counts: [] },
    settings: { device: "cpu", max_seq_tokens: 64, benchmarks: [{ name: benchmark }] },
    results: Object.entries(values).map(([model, value]) => ({ ...figure, model, value })),
  };
  writeFileSync(join(dir, "eval", "results.json"), JSON.stringify(results));
  writeFileSync(join(dir, "recipe.yaml"), `finetune: { lr: ${lr}, epochs: 2 }\nseed: 1\n`);
}
