import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunEvent, Stopped } from "../../src/contracts/events.ts";
import type { Truncate } from "../../src/contracts/recipe/eval.ts";
import type { BenchmarkSpec } from "../../src/contracts/recipe.ts";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import type { Metric } from "../../src/eval/benchmark.ts";
import { benchmarkCatalog } from "../../src/eval/benchmarks/index.ts";
import type { Results } from "../../src/eval/results/results.ts";
import { readSamples, samplesPath } from "../../src/eval/results/samples.ts";
import { runEvalStage } from "../../src/eval/stage.ts";
import { evalSpec } from "./eval-spec.ts";
import { writeTinyCheckpoint } from "./tiny-checkpoint.ts";

let root: string;
let models: { label: string; dir: string }[];

const benchmarks: BenchmarkSpec[] = [
  { name: "perplexity", limit: 3 },
  { name: "long-qa", limit: 4 },
  { name: "summarization", limit: 2 },
  { name: "multiple-choice", limit: 3 },
  { name: "passkey", options: { lengths: [256, 4096] } },
];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-eval-"));
  const ctx = { runDir: root, emit: () => {}, stop: { stopped: false } };
  const datasets = [
    { name: "sotu", catalog: "state-of-the-union", limit: 150, options: { max_chars: 5000 } },
  ];
  await runDataStage(ctx, { data: { datasets, split: { validation: 0.1, test: 0.5 } }, seed: 1 });
  models = [
    { label: "before", dir: join(root, "a") },
    { label: "after", dir: join(root, "b") },
  ];
  for (const [i, { dir }] of models.entries()) await writeTinyCheckpoint(dir, i + 1);
});
afterAll(() => rm(root, { recursive: true }));

interface Settings {
  maxSeqTokens?: number;
  /** Asks to stop once so many items of a benchmark are done. */
  stopAfter?: number;
}

async function run(name: string, specs = benchmarks, { maxSeqTokens = 640, stopAfter }: Settings = {}) {
  const events: RunEvent[] = [];
  const stop = { stopped: false };
  const emit = (event: RunEvent): void => {
    events.push(event);
    if (event.type === "stage.progress" && event.done >= (stopAfter ?? Number.POSITIVE_INFINITY))
      stop.stopped = true;
  };
  const runDir = join(root, name);
  const spec = {
    eval: evalSpec({ max_seq_tokens: maxSeqTokens, benchmarks: specs }),
    models,
  };
  await runEvalStage({ runDir, emit, stop }, { ...spec, dataDir: join(root, "data") }).catch(
    (error: unknown) => {
      if (!(error instanceof Stopped) || stopAfter === undefined) throw error;
    },
  );
  const text = await readFile(join(runDir, "eval", "results.json"), "utf8").catch(() => "null");
  return { events, runDir, text, results: JSON.parse(text) as Results };
}

describe("all benchmarks on real models", () => {
  it("give every metric for both models, told as events with the values of results.json", async () => {
    const { events, results, runDir } = await run("all");
    const told = events.flatMap(({ type, ...event }) => (type === "eval.result" ? [event] : []));
    // Depths filled the screen, five rows a length of one item each.
    const isDepth = ({ slice }: { slice: string }) => slice.includes("depth");
    expect(told).toEqual(results.results.filter((one) => !isDepth(one)));
    expect(results.results.filter(isDepth).map(({ slice }) => slice)).toEqual(
      models.flatMap(() => [0, 25, 50, 75, 100].map((depth) => `256 tokens, depth ${depth} %`)),
    );
    const metrics = new Set(results.results.map(({ benchmark, metric }) => `${benchmark} ${metric}`));
    expect([...metrics]).toEqual([
      "perplexity nats_per_token",
      "perplexity bits_per_byte",
      "perplexity perplexity",
      "long-qa exact_match",
      "long-qa f1",
      "summarization rouge1",
      "summarization rouge2",
      "summarization rougeL",
      "summarization rougeLsum",
      "multiple-choice acc",
      "multiple-choice acc_norm",
      "multiple-choice acc_bytes",
      "passkey exact_match",
    ]);
    const declared = benchmarks.flatMap(({ name }) =>
      Object.entries<Metric>(benchmarkCatalog[name as keyof typeof benchmarkCatalog].metrics).map(
        ([metric, { better }]) => [`${name} ${metric}`, better],
      ),
    );
    const directions = results.results.map((one) => [`${one.benchmark} ${one.metric}`, one.better] as const);
    expect(Object.fromEntries(directions)).toEqual(Object.fromEntries(declared));
    const after = results.results.filter(({ model }) => model === "after");
    expect(after.length * 2).toBe(results.results.length);
    expect(results.comparisons).toHaveLength(after.length);
    for (const one of results.comparisons) {
      const value = (model: string) =>
        results.results.find(
          (r) =>
            r.model === model &&
            r.benchmark === one.benchmark &&
            r.slice === one.slice &&
            r.metric === one.metric,
        )!.value;
      expect(one.difference).toBeCloseTo(value("after") - value("before"), 10);
    }
    expect(await readFile(join(runDir, "report.html"), "utf8")).toContain("</html>");
  });

  it("count what is cut and what cannot be used", async () => {
    const { results, runDir } = await run("all");
    const counts = results.counts.filter(({ model }) => model === "before");
    expect(counts.map(({ benchmark, items, failed }) => [benchmark, items, failed])).toEqual([
      ["perplexity", 3, 0],
      ["long-qa", 4, 0],
      ["summarization", 2, 0],
      ["multiple-choice", 3, 0],
      ["passkey", 5, 0],
    ]);
    const log = await readFile(join(runDir, "eval", "samples", "before", "perplexity.jsonl"), "utf8");
    expect(counts[0]!.shortened).toBe(log.split('"tokens":640').length - 1);
    expect(counts[0]!.shortened).toBeGreaterThan(0);
    // Beside every figure stands what was cut of its rows, and in the samples how much of each.
    const { lines } = await readSamples(samplesPath(join(runDir, "eval"), "before", "perplexity"));
    const cut = lines.reduce((sum, line) => sum + line.cut!, 0);
    expect(cut).toBeGreaterThan(0);
    expect(counts[0]!.tokens_cut).toBe(cut);
    const bits = results.results.find(({ metric }) => metric === "bits_per_byte")!;
    expect(bits.cut).toEqual({ rows: counts[0]!.shortened, share: counts[0]!.shortened / 3, tokens: cut });
    const keys = results.results.filter(({ benchmark }) => benchmark === "passkey");
    expect(keys.every((one) => one.cut!.rows === 0 && one.cut!.tokens === 0)).toBe(true);
    expect(counts[4]!.skipped).toEqual({ "4096 tokens is over max_seq_tokens": 5 });
  });

  it("ask both models the same, pass keys in prompts of the length that is said", async () => {
    const { runDir } = await run("all");
    const linesOf = async (model: string, benchmark: string) =>
      (await readSamples(samplesPath(join(runDir, "eval"), model, benchmark))).lines;
    for (const { name } of benchmarks) {
      const asked = async (model: string) =>
        (await linesOf(model, name)).map(({ id, inputHash }) => ({ id, inputHash }));
      expect(await asked("after")).toEqual(await asked("before"));
    }
    for (const line of await linesOf("before", "passkey")) {
      const { tokens } = line as { tokens: number };
      expect(tokens + 16).toBeLessThanOrEqual(256);
      expect(tokens + 16).toBeGreaterThan(240);
    }
  });

  it("says what a random model cannot know: near log V nats a token", async () => {
    const { results } = await run("all");
    const nats = results.results.find(({ metric, slice }) => metric === "nats_per_token" && slice === "")!;
    expect(nats.value).toBeGreaterThan(0.9 * Math.log(4096));
    expect(nats.value).toBeLessThan(1.5 * Math.log(4096));
  });
});

describe("going on", () => {
  it("after a stop gives the same results as without, from the answers already there", async () => {
    const specs = benchmarks.slice(0, 2);
    const whole = await run("whole", specs);
    await run("stopped", specs, { stopAfter: 2 });
    const log = join(root, "stopped", "eval", "samples", "before", "perplexity.jsonl");
    const lines = (await readFile(log, "utf8")).trim().split("\n");
    expect(lines).toHaveLength(3); // the key and two answers
    // A known answer is marked, to see that it is not asked again; and a crash cut a line short.
    const marked = { ...JSON.parse(lines[1]!), promptTail: "kept" };
    await writeFile(log, `${[lines[0], JSON.stringify(marked), lines[2]].join("\n")}\n`);
    await appendFile(log, '{"id":"half');
    const { results } = await run("stopped", specs);
    expect(results).toEqual(whole.results);
    const end = (await readFile(log, "utf8")).trim().split("\n");
    expect(end).toHaveLength(4);
    expect(JSON.parse(end[1]!).promptTail).toBe("kept");
  });

  it("uses no answer of other weights or settings", async () => {
    const specs: BenchmarkSpec[] = [{ name: "perplexity", limit: 2 }];
    await run("weights", specs);
    const log = join(root, "weights", "eval", "samples", "before", "perplexity.jsonl");
    const [header, line] = (await readFile(log, "utf8")).split("\n");
    await writeFile(
      log,
      `${JSON.stringify({ key: "another" })}\n${line!.replace(/"promptTail":"./, '"promptTail":"#')}\n`,
    );
    await run("weights", specs);
    const [again, fresh] = (await readFile(log, "utf8")).split("\n");
    expect([again, fresh]).toEqual([header, line]);
  });
});

it("an item that fails is in the samples and the counts, and in no figure", async () => {
  const specs: BenchmarkSpec[] = [
    { name: "summarization", limit: 2 },
    { name: "perplexity", limit: 1 },
  ];
  const { results, events, runDir } = await run("failed", specs, { maxSeqTokens: 80 });
  expect(results.counts.map(({ items, failed }) => [items, failed])).toEqual([
    [2, 2],
    [1, 0],
    [2, 2],
    [1, 0],
  ]);
  expect(results.results.filter(({ benchmark }) => benchmark === "summarization")).toEqual([]);
  expect(events.filter(({ type }) => type === "warning")).toEqual([
    {
      type: "warning",
      stage: "eval",
      message: "4 items failed and are in no figure; eval/samples has their errors",
    },
  ]);
  const log = await readFile(join(runDir, "eval", "samples", "after", "summarization.jsonl"), "utf8");
  expect(log).toContain("expected a prompt of at most 16 tokens once its context is shortened");
});

// It ended as done, was kept as complete, and had no figure at all.
it("an evaluation whose items all fail fails, with the first error", async () => {
  const specs: BenchmarkSpec[] = [{ name: "summarization", limit: 2 }];
  await expect(run("nothing", specs, { maxSeqTokens: 80 })).rejects.toMatchObject({
    code: "E_GATE",
    message: expect.stringMatching(
      /^eval: expected answers from before, got an error for all of its 2 items, first: sotu.*at most 16 tokens/,
    ),
  });
});

it("refuses unknown benchmarks and options, all at once", async () => {
  const specs: BenchmarkSpec[] = [
    { name: "perplexty" },
    { name: "passkey", options: { length: 3, lengths: [512, 0.5], trials: 0 } },
    { name: "passkey" },
    { name: "multiple-choice", options: { length: "shrt" } },
  ];
  await expect(run("bad", specs)).rejects.toMatchObject({
    code: "E_CONFIG",
    problems: [
      "eval.benchmarks.0.name: unknown benchmark perplexty; did you mean perplexity?",
      "eval.benchmarks.1.options.length: expected one of lengths, trials, got length; did you mean lengths?",
      "eval.benchmarks.1.options.lengths: expected a list of whole numbers from 1, got [512,0.5]",
      "eval.benchmarks.1.options.trials: expected a whole number from 1, got 0",
      "eval.benchmarks.2.name: expected each benchmark once, got passkey again",
      'eval.benchmarks.3.options.length: expected one of short, long, got "shrt"',
    ],
  });
});

it("a benchmark with nothing to ask about is told once, not for each model, with what it needs", async () => {
  const events: RunEvent[] = [];
  const runDir = join(root, "nothing");
  const benchmarks = [{ name: "perplexity" }, { name: "long-qa" }];
  const evaluation = evalSpec({ datasets: [], max_seq_tokens: 640, benchmarks });
  await runEvalStage(
    { runDir, emit: (event) => events.push(event), stop: { stopped: false } },
    { eval: evaluation, models, dataDir: join(root, "data") },
  );
  const dataDir = join(root, "data");
  expect(events.flatMap((event) => (event.type === "warning" ? [event.message] : []))).toEqual([
    "perplexity: expected held-out documents (plain texts, or what prompts have marked as `context`), got none " +
      `in ${dataDir}; it has no figures`,
    `long-qa: expected held-out examples to ask about, got none in ${dataDir}; it has no figures`,
  ]);
});

describe("prompts that are too long, as eval.truncate says", () => {
  const specs: BenchmarkSpec[] = [{ name: "perplexity", limit: 6 }];
  const cutRun = async (truncate: Truncate) => {
    const events: RunEvent[] = [];
    const runDir = join(root, `cut-${truncate}`);
    const ctx = { runDir, emit: (event: RunEvent) => events.push(event), stop: { stopped: false } };
    const asked = evalSpec({ max_seq_tokens: 640, benchmarks: specs, truncate });
    await runEvalStage(ctx, { eval: asked, models: models.slice(0, 1), dataDir: join(root, "data") });
    const { lines } = await readSamples(samplesPath(join(runDir, "eval"), "before", "perplexity"));
    return { events, lines };
  };

  it("skip leaves them out of every figure and tells how many; start and end ask other tokens", async () => {
    const end = await cutRun("end");
    const cut = end.lines.filter((line) => line.cut! > 0);
    expect(cut.length).toBeGreaterThan(0);
    const skip = await cutRun("skip");
    const rest = end.lines.filter((line) => line.cut === 0);
    expect(skip.lines).toEqual(rest);
    expect(skip.events).toContainEqual({
      ...{ type: "warning", stage: "eval" },
      message: `perplexity: ${cut.length} of 6 rows are not asked: too long (eval.truncate: skip)`,
    });
    const start = await cutRun("start");
    expect(start.lines.map(({ cut }) => cut)).toEqual(end.lines.map(({ cut }) => cut));
    for (const [i, line] of end.lines.entries())
      expect(start.lines[i]!.inputHash === line.inputHash).toBe(line.cut === 0);
    const middle = await cutRun("middle");
    expect(middle.lines).toEqual(end.lines);
  });

  it("error refuses before anything is asked", async () => {
    await expect(cutRun("error")).rejects.toThrow(/eval\.truncate: error: .* at most 640 tokens, got/);
  });
});
