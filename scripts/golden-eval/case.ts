import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { hashModel } from "../../src/eval/model-hash.ts";
import { localRespondent } from "../../src/eval/respondents/local.ts";
import { evaluateTasks } from "../../src/eval/tasks/evaluate-tasks.ts";
import type { GroupResult, TaskResult, TaskSample } from "../../src/eval/tasks/results/task-results.ts";
import { loadTasks } from "../../src/harness/files/load-tasks.ts";
import { parseGenKwargs } from "../../src/harness/requests/gen-kwargs.ts";
import { parseJson } from "../../src/jinja/values/parse-json.ts";
import type { PyDict, Value } from "../../src/jinja/values/values.ts";
import { packageRoot } from "../../src/package-root.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { type Comparison, isClose } from "./oracle.ts";

interface Expected {
  runs: ExpectedRun[];
}

interface ExpectedRun {
  id: string;
  tasks: string[];
  flags: {
    num_fewshot: number | null;
    fewshot_seed: number;
    limit: number | null;
    samples?: Record<string, number[]>;
    apply_chat_template: boolean;
    fewshot_as_multiturn: boolean;
    system_instruction: string | null;
    gen_kwargs?: string | Record<string, unknown> | null;
    max_length: number;
  };
  results: Record<string, ExpectedTask>;
  groups: Record<string, Record<string, number | string>>;
}

interface ExpectedTask {
  output_type: TaskResult["output_type"];
  num_fewshot: number;
  version?: unknown;
  n_samples: { original: number; effective: number };
  higher_is_better: Record<string, boolean>;
  results: Record<string, number | "N/A">;
  samples: ExpectedSample[];
}

interface ExpectedSample {
  doc_id: number;
  filter: string;
  target: unknown;
  arguments: unknown[][];
  resps: unknown[][];
  filtered_resps: unknown[];
  metrics: Record<string, unknown>;
}

const checkpoint = join(packageRoot(), "checkpoints/zebra-nano-lcat");

/** Runs a case folder's task files with our own checkpoint, and holds all of it against what lm_eval got. */
export async function* compareCase(path: string): AsyncGenerator<Comparison> {
  const { runs } = JSON.parse(readFileSync(path, "utf8")) as Expected;
  const dir = dirname(path);
  const tokenizer = await loadTokenizer(checkpoint);
  const sha256 = await hashModel({ dir: checkpoint });
  await using model = await loadModel(checkpoint);
  for (const { id, tasks: asked, flags, results, groups } of runs) {
    const cache = mkdtempSync(join(tmpdir(), "golden-eval-"));
    const notes: string[] = [];
    const note = (message: string): void => void notes.push(message);
    const local = { model, tokenizer, sha256, maxLength: flags.max_length, note };
    await using respondent = await localRespondent(local);
    const { members, warnings } = await loadTasks(asked, { includePaths: [dir], cwd: dir, shipped: null });
    const samples = new Map<string, TaskSample[]>();
    try {
      const got = await evaluateTasks(respondent, members, {
        settings: {
          ...(flags.num_fewshot !== null && { numFewshot: flags.num_fewshot }),
          fewshotSeed: flags.fewshot_seed,
          ...(flags.limit !== null && { limit: flags.limit }),
          ...(flags.samples && { docIds: flags.samples }),
          ...(flags.system_instruction !== null && { systemInstruction: flags.system_instruction }),
          ...(flags.apply_chat_template && { chat: { asMultiturn: flags.fewshot_as_multiturn } }),
          ...(flags.gen_kwargs && { genKwargs: genKwargsOf(flags.gen_kwargs) }),
        },
        warnings,
        cacheDir: cache,
        stop: { stopped: false },
        progress: () => {},
        onTask: async ({ task }, lines) => void samples.set(task, lines),
      });
      yield* compareNames(id, Object.keys(results), Object.keys(got.tasks));
      for (const [name, expected] of Object.entries(results)) {
        const own = got.tasks[name];
        if (own) yield* compareTask(`${id} ${name}`, expected, own, samples.get(name) ?? []);
      }
      for (const [name, expected] of Object.entries(groups ?? {}))
        yield* compareGroup(`${id} ${name}`, expected, got.groups[name]);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }
}

/** As the command takes them; a mapping is JSON's. */
function genKwargsOf(given: string | Record<string, unknown>): Readonly<Record<string, Value>> {
  if (typeof given === "string") return parseGenKwargs(given);
  const dict = parseJson(JSON.stringify(given)) as PyDict;
  return Object.fromEntries([...dict.entries()].map(([key, value]) => [String(key), value]));
}

function* compareNames(what: string, expected: string[], got: string[]): Generator<Comparison> {
  yield same(`${what}: tasks`, [...expected].sort(), [...got].sort());
}

function* compareTask(
  what: string,
  expected: ExpectedTask,
  got: TaskResult,
  samples: readonly TaskSample[],
): Generator<Comparison> {
  yield same(`${what}: output_type`, expected.output_type, got.output_type);
  yield same(`${what}: num_fewshot`, expected.num_fewshot, got.num_fewshot);
  const { original, effective } = got.n_samples;
  yield same(`${what}: n_samples`, expected.n_samples, { original, effective });
  if (expected.version !== undefined) yield same(`${what}: version`, expected.version, got.version);
  yield* compareFigures(what, expected.results, got.figures);
  for (const [metric, isHigher] of Object.entries(expected.higher_is_better)) {
    const own = Object.values(got.figures).find((figure) => figure.metric === metric);
    yield same(`${what}: higher_is_better of ${metric}`, isHigher, own?.higher_is_better);
  }
  yield same(
    `${what}: samples`,
    expected.samples.map(({ doc_id, filter }) => `${doc_id} ${filter}`),
    samples.map(({ doc_id, filter }) => `${doc_id} ${filter}`),
  );
  for (const [i, sample] of expected.samples.entries()) {
    const own = samples[i];
    if (own) yield* compareSample(`${what} ${sample.doc_id} ${sample.filter}`, got.output_type, sample, own);
  }
}

function* compareSample(
  what: string,
  type: TaskResult["output_type"],
  expected: ExpectedSample,
  got: TaskSample,
): Generator<Comparison> {
  yield same(`${what}: target`, expected.target, got.target);
  yield same(`${what}: arguments`, expected.arguments, got.arguments);
  const bar = type === "loglikelihood_rolling" ? 5e-3 : 1e-3;
  yield near(`${what}: resps`, expected.resps, got.resps, bar);
  yield near(`${what}: filtered_resps`, expected.filtered_resps, got.filtered_resps, bar);
  yield near(`${what}: metrics`, expected.metrics, got.metrics, bar);
}

function* compareGroup(
  what: string,
  expected: Record<string, unknown>,
  got: GroupResult | undefined,
): Generator<Comparison> {
  const { sample_len, ...figures } = expected;
  if (!got) yield { what, isRight: false, detail: "expected a group, got none" };
  else {
    if (sample_len !== undefined) yield same(`${what}: sample_len`, sample_len, got.sample_len);
    const numbers = Object.entries(figures).filter(([key]) => key.includes(","));
    yield* compareFigures(what, Object.fromEntries(numbers) as Record<string, number | "N/A">, got.figures);
  }
}

/** Metrics of which the standard error is drawn by upstream with other random numbers. */
const bootstrapped = /^(perplexity|median|f1|mcc|bleu|chrf|ter|brier_score|bypass)$/;

function* compareFigures(
  what: string,
  expected: Record<string, number | "N/A">,
  got: TaskResult["figures"],
): Generator<Comparison> {
  const own = new Map<string, number | "N/A">();
  for (const { metric, filter, value, stderr } of Object.values(got)) {
    own.set(`${metric},${filter}`, value);
    own.set(`${metric}_stderr,${filter}`, stderr);
  }
  yield same(`${what}: figures`, Object.keys(expected).sort(), [...own.keys()].sort());
  for (const [key, value] of Object.entries(expected)) {
    const found = own.get(key);
    const metric = key.split(",")[0]!.replace(/_stderr$/, "");
    if (value === "N/A" || found === "N/A" || found === undefined)
      yield same(`${what}: ${key}`, value, found);
    else if (key.includes("_stderr,"))
      yield ratio(`${what}: ${key}`, value, found, bootstrapped.test(metric) ? 0.15 : undefined);
    else
      yield ratio(
        `${what}: ${key}`,
        value,
        found,
        /perplexity|bits_per_byte|brier_score/.test(metric) ? 1e-4 : undefined,
      );
  }
}

/** Within a share of the expected value, else within 1e-9. */
function ratio(what: string, expected: number, got: number, share: number | undefined): Comparison {
  const bar = share === undefined ? 1e-9 : Math.abs(expected) * share;
  const isRight = isClose(got, Number(expected), Math.max(bar, 1e-9));
  return { what, isRight, ...(!isRight && { detail: `expected ${expected}, got ${got}` }) };
}

function same(what: string, expected: unknown, got: unknown): Comparison {
  return near(what, expected, got, 0);
}

/** The same but for numbers that are not whole, which may differ by the bar. */
function near(what: string, expected: unknown, got: unknown, bar: number): Comparison {
  const isRight = isNear(expected, got, bar);
  const [one, other] = [JSON.stringify(expected), JSON.stringify(got)];
  const at = [...(one ?? "")].findIndex((char, i) => char !== (other ?? "")[i]);
  const from = Math.max(0, at - 60);
  const detail = `expected …${one?.slice(from, from + 200)}, got …${other?.slice(from, from + 200)}`;
  return { what, isRight, ...(!isRight && { detail }) };
}

function isNear(expected: unknown, got: unknown, bar: number): boolean {
  if (typeof expected === "number" && typeof got === "number") return isClose(got, expected, bar);
  if (typeof expected === "string" && typeof got === "number") return String(got) === expected; // NaN, inf
  if (Array.isArray(expected) && Array.isArray(got))
    return expected.length === got.length && expected.every((one, i) => isNear(one, got[i], bar));
  if (isObject(expected) && isObject(got)) {
    const keys = Object.keys(expected);
    return (
      keys.length === Object.keys(got).length &&
      keys.every((key) => key in got && isNear(expected[key], got[key], bar))
    );
  }
  return expected === got || (typeof expected === "boolean" && Number(expected) === got);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
