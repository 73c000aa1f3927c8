import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { BenchmarkSpec } from "../../../src/contracts/recipe.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { readSamples, samplesPath } from "../../../src/eval/results/samples.ts";
import { runEvalStage } from "../../../src/eval/stage.ts";
import { headlinesOf } from "../../../src/eval/verdict/headlines.ts";
import { evalSpec } from "../eval-spec.ts";
import { writeTinyCheckpoint } from "../tiny-checkpoint.ts";

let root: string;
const held = () => join(root, "heldout.jsonl");
const question = (n: number) => `How many sacks are in barn ${n}?`;
const row = (n: number) => JSON.stringify({ prompt: question(n), completion: `${3 * n} sacks` });
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => row(from + i)).join("\n");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-own-"));
  await writeFile(held(), `${rows(100, 112)}\n{broken\n`);
  await writeTinyCheckpoint(join(root, "model"), 1);
  // The second one has two of the questions: one with another case and more blanks, one after a first turn.
  const turns = [question(1), "3 sacks", question(101), "303 sacks"].map((content, i) => ({
    role: i % 2 === 0 ? "user" : "assistant",
    content,
  }));
  const more = [
    { prompt: question(100).toUpperCase().replace(" ", "  "), completion: "x" },
    { messages: turns.slice(2) },
    { messages: [{ role: "system", content: "Be short." }, ...turns] },
  ];
  await dataset("one", rows(0, 20));
  await dataset("two", `${rows(0, 30)}\n${more.map((one) => JSON.stringify(one)).join("\n")}\n`);
});
afterAll(() => rm(root, { recursive: true }));

async function dataset(name: string, content: string): Promise<void> {
  const path = join(root, `${name}.jsonl`);
  await writeFile(path, content);
  const ctx = { runDir: join(root, name), emit: () => {}, stop: { stopped: false } };
  const datasets = [{ name: "barns", path, split: "train" }];
  await runDataStage(ctx, { data: { datasets, split: { validation: 0, test: 0 } }, seed: 1 });
}

async function evaluate(name: string, data: string, spec: Partial<BenchmarkSpec> = {}) {
  const events: RunEvent[] = [];
  const runDir = join(root, name);
  const benchmarks = [{ name: "mine", path: held(), max_new_tokens: 4, ...spec }];
  const ctx = { runDir, emit: (event: RunEvent) => void events.push(event), stop: { stopped: false } };
  await runEvalStage(ctx, {
    eval: evalSpec({ max_seq_tokens: 256, benchmarks }),
    models: [{ label: "tiny", dir: join(root, "model") }],
    dataDir: join(root, data, "data"),
  });
  const results = JSON.parse(await readFile(join(runDir, "eval", "results.json"), "utf8")) as Results;
  const { lines } = await readSamples(samplesPath(join(runDir, "eval"), "tiny", "mine"));
  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  const report = await readFile(join(runDir, "report.html"), "utf8");
  return { results, lines, warnings, report };
}

it("is in results, verdict and report under its own name, and what is left open or out is told", async () => {
  const { results, lines, warnings, report } = await evaluate("first", "one", { metrics: ["rougeL", "f1"] });
  expect(new Set(results.results.map(({ benchmark, metric }) => `${benchmark} ${metric}`))).toEqual(
    new Set(["mine rougeL", "mine f1"]),
  );
  expect(headlinesOf(results)).toMatchObject([
    { benchmark: "mine", metric: "rougeL", name: "ROUGE-L", n: 12 },
  ]);
  expect(results.own).toEqual({
    mine: {
      path: held(),
      revision: expect.stringMatching(/^sha256:/),
      metrics: ["rougeL", "f1"],
      max_new_tokens: 4,
      rows: 13,
      unusable: { json_syntax: 1 },
      overlap: { questions: 0, first: [] },
    },
  });
  expect(lines).toHaveLength(12);
  expect(warnings).toEqual([
    expect.stringMatching(/^mine: 1 of 13 rows are not asked: 1 json_syntax. First: mine/),
  ]);
  expect(report).toContain("12 of 13 rows of");
  expect(report).toContain("0 of the questions are in the training rows, too.");
});

it("asks the same with other training data, and tells what both have", async () => {
  const one = await evaluate("limited-one", "one", { limit: 9 });
  const two = await evaluate("limited-two", "two", { limit: 9 });
  const asked = ({ lines }: typeof one) => lines.map(({ id, inputHash }) => [id, inputHash]);
  expect(asked(one)).toHaveLength(9);
  expect(asked(two)).toEqual(asked(one));
  expect(one.results.own!.mine!.chosen).toBe(
    "metrics: [f1, exact_match], since most right answers have at most 12 words",
  );
  const whole = await evaluate("whole-two", "two");
  expect(whole.results.own!.mine!.overlap).toEqual({
    questions: 2,
    first: [expect.any(String), expect.any(String)],
  });
  expect(whole.warnings.join()).toMatch(/mine: 2 of 12 questions are in the training rows, too/);
});

it("answers that were scored otherwise are not taken up again", async () => {
  await evaluate("again", "one", { limit: 2 });
  const answers = `${rows(100, 112)}\n`.replaceAll(/sacks"/g, `sacks ${"of grain and flour ".repeat(4)}"`);
  const before = await readFile(held());
  await writeFile(held(), answers);
  try {
    const { results } = await evaluate("again", "one", { limit: 2 });
    expect(new Set(results.results.map(({ metric }) => metric))).toEqual(new Set(["rougeL", "rouge1"]));
  } finally {
    await writeFile(held(), before);
  }
});

it("a set without a question ends the evaluation with what is wrong with its rows", async () => {
  const path = join(root, "none.jsonl");
  await writeFile(path, `${JSON.stringify({ prompt: "", completion: "x" })}\n`);
  await expect(evaluate("none", "one", { path })).rejects.toThrow(
    /mine: expected rows of .* with a question and a right answer, got none of 1 \(1 empty_prompt; first: mine/,
  );
});
