/**
 * Task files beside lm-evaluation-harness's hf backend: the same checkpoint, files and threads, in turns.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- lm-eval [DIR…]
 *
 * DIR has task files (`*.yaml`) beside their data; without one, tasks made here are asked: short questions
 * with four choices, five examples before them, and several questions on documents of 8,192 tokens. Needs a
 * Python with lm_eval 0.4.13 and torch; without one it says so and does nothing.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openCheckpoint } from "../../src/eval/respondents/open-checkpoint.ts";
import { evaluateTasks } from "../../src/eval/tasks/evaluate-tasks.ts";
import { loadTasks } from "../../src/harness/files/load-tasks.ts";
import { shippedPath } from "../../src/package-root.ts";
import { randomOf } from "../../src/random.ts";
import { median } from "../tools/measure.ts";
import { python, whyNoPeer } from "./python.ts";

interface Case {
  name: string;
  dir: string;
  task: string;
  checkpoint: string;
  maxLength: number;
  /** Texts that go side by side, for them. */
  batch: number;
  rounds: number;
}

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "zebra-lm-eval-"));

const reason = whyNoPeer("torch", "lm_eval");
if (reason !== "") console.log(`skipped: ${reason}`);
else {
  const dirs = process.argv.slice(2);
  for (const one of dirs.length > 0 ? dirs.flatMap(casesIn) : [...madeCases()]) await compare(one);
}
rmSync(scratch, { recursive: true });

/** Every task or group file of a folder that nothing beside it includes. */
function casesIn(dir: string): Case[] {
  const files = readdirSync(dir).filter((name) => name.endsWith(".yaml"));
  const texts = files.map((name) => readFileSync(join(dir, name), "utf8"));
  const isGroup = texts.some((text) => /^group:/m.test(text));
  return files.flatMap((name, i) => {
    const task = /^(?:group|task): *(\S+)/m.exec(texts[i]!)?.[1];
    if (task === undefined || (isGroup && !/^group:/m.test(texts[i]!))) return [];
    const checkpoint = shippedPath("checkpoint", "zebra-nano-lcat")!;
    return [
      {
        name: `${name} in ${dir}`,
        dir: resolve(dir),
        task,
        checkpoint,
        maxLength: 1024,
        batch: 8,
        rounds: 5,
      },
    ];
  });
}

function* madeCases(): Generator<Case> {
  const random = randomOf(1, "bench");
  const known = readFileSync(new URL("../../README.md", import.meta.url), "utf8").match(/[A-Za-z]{2,}/g)!;
  const words = Array.from({ length: 600_000 }, () => known[random.below(known.length)]!);
  const text = (from: number, count: number) => words.slice(from, from + count).join(" ");
  const question = (i: number) => ({
    question: text(997 * i, 30),
    choices: [0, 1, 2, 3].map((k) => text(997 * i + 40 + 7 * k, 4)),
    answer: i % 4,
  });
  const shots = Array.from({ length: 5 }, (_, i) => question(500 + i));
  const short = Array.from({ length: 60 }, (_, i) => question(i));
  const checkpoint = shippedPath("checkpoint", "zebra-nano-4k")!;
  const common = { checkpoint, maxLength: 4096, batch: 8, rounds: 3 };
  yield { ...common, ...write("choices, no examples", short, shots, 0) };
  yield { ...common, ...write("choices, 5 examples", short, shots, 5) };
  // A checkpoint of the same size that takes 8,192 tokens: only the time is looked at.
  const long = join(scratch, "long");
  cpSync(checkpoint, long, { recursive: true });
  const config = JSON.parse(readFileSync(join(long, "config.json"), "utf8")) as object;
  writeFileSync(join(long, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 16384 }));
  // About 2 tokens a word.
  const onDocuments = [0, 1].flatMap((document) =>
    [0, 1, 2].map((i) => {
      const asked = question(40 * document + i);
      return { ...asked, question: `${text(9000 * document, 4000)}\n\n${asked.question}` };
    }),
  );
  yield {
    ...write("3 questions on each of 2 documents of 8k tokens", onDocuments, shots, 0),
    ...{ checkpoint: long, maxLength: 16384, batch: 1, rounds: 1 },
  };
}

function write(name: string, rows: object[], shots: object[], numFewshot: number) {
  const dir = join(scratch, name.replaceAll(/\W+/g, "-"));
  mkdirSync(dir);
  const lines = (list: object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(dir, "test.jsonl"), lines(rows));
  writeFileSync(join(dir, "dev.jsonl"), lines(shots));
  const yaml = {
    task: "peer_choices",
    dataset_path: "json",
    dataset_kwargs: { data_files: { test: "test.jsonl", dev: "dev.jsonl" } },
    output_type: "multiple_choice",
    test_split: "test",
    fewshot_split: "dev",
    fewshot_config: { sampler: "first_n" },
    num_fewshot: numFewshot,
    doc_to_text: "{{question}}",
    doc_to_choice: "choices",
    doc_to_target: "answer",
    metric_list: [{ metric: "acc", aggregation: "mean", higher_is_better: true }],
  };
  writeFileSync(join(dir, "peer.yaml"), JSON.stringify(yaml));
  return { name, dir, task: "peer_choices" };
}

/** Ours before and after theirs, so that a change of the machine's speed can be seen. */
async function compare(one: Case): Promise<void> {
  const before = await ours(one);
  const theirs = await lmEval(one);
  const after = await ours(one);
  const [own, other] = [median([...before.seconds, ...after.seconds]), median(theirs.seconds)];
  console.log(
    `${one.name}: ours ${own.toFixed(2)} s, lm_eval ${theirs.version} ${other.toFixed(2)} s: ` +
      `${(other / own).toFixed(2)} times as fast`,
  );
  console.log(`  ours ${JSON.stringify(before.figures)}\n  lm_eval ${JSON.stringify(theirs.figures)}`);
}

async function lmEval({ checkpoint, dir, task, maxLength, batch, rounds }: Case) {
  const script = fileURLToPath(new URL("lm_eval.py", import.meta.url));
  const words = [
    script,
    resolve(checkpoint),
    dir,
    task,
    maxLength,
    batch,
    rounds + 1,
    availableParallelism(),
  ].map(String);
  const { stdout } = await run(python!, words, { maxBuffer: 1 << 26 });
  const found = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
    seconds: number[];
    figures: object;
    version: string;
  };
  // The first round does not count where there are several: it touches memory for the first time.
  return { ...found, seconds: rounds > 1 ? found.seconds.slice(1) : found.seconds };
}

async function ours({ checkpoint, dir, task, maxLength, rounds }: Case) {
  const note = () => {};
  await using respondent = await openCheckpoint({ dir: checkpoint, device: "cpu", maxLength, note });
  const seconds: number[] = [];
  const figures: Record<string, Record<string, number>> = {};
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    const { members } = await loadTasks([task], { includePaths: [dir], cwd: dir });
    const { tasks } = await evaluateTasks(respondent, members, {
      settings: { fewshotSeed: 1234 },
      cacheDir: join(scratch, `answers-${Math.random()}`),
      stop: { stopped: false },
      progress: () => {},
      onTask: async () => {},
    });
    seconds.push((performance.now() - began) / 1000);
    for (const { task: name, figures: all } of Object.values(tasks))
      figures[name] = Object.fromEntries(Object.entries(all).map(([key, { value }]) => [key, value]));
  }
  return { seconds: rounds > 1 ? seconds.slice(1) : seconds, figures };
}
