import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskResults, TaskSample } from "../../src/eval/tasks/results/task-results.ts";
import { packageRoot } from "../../src/package-root.ts";
import { ended, runZebra, startZebra } from "./spawn.ts";

const fixtures = join(packageRoot(), "test/eval/tasks/fixtures");
const lcat = join(packageRoot(), "checkpoints/zebra-nano-lcat");
const warm = join(packageRoot(), "checkpoints/zebra-nano-4k");

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-tasks-"));
});
afterAll(() => rm(root, { recursive: true }));

async function results(output: string, label: string): Promise<TaskResults> {
  return JSON.parse(await readFile(join(output, label, "results.json"), "utf8")) as TaskResults;
}

async function samples(output: string, label: string, task: string): Promise<TaskSample[]> {
  const text = await readFile(join(output, label, "samples", `${task}.jsonl`), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as TaskSample);
}

describe("zebra eval --tasks", () => {
  it("gives lm-evaluation-harness's figures, logs what was asked whole, and tells what looks wrong", async () => {
    const output = join(root, "one");
    const group = join(fixtures, "group.yaml");
    const asked = ["eval", "--tasks", group, "--num-fewshot", "1", "--output", output];
    const { code, stdout } = await runZebra([...asked, "--checkpoint", lcat]);
    expect(code).toBe(0);
    // lm_eval 0.4.13, backend hf, the same checkpoint and files.
    const { tasks, groups } = await results(output, "zebra-nano-lcat");
    expect(tasks.fixture_choice!.figures["acc,none"]).toMatchObject({
      value: 0.25,
      stderr: 0.1305582419667734,
    });
    expect(tasks.fixture_choice!.figures["acc_norm,none"]).toMatchObject({ value: 0.25 });
    expect(tasks.fixture_written!.figures["exact_match,none"]).toMatchObject({ value: 0, stderr: 0 });
    expect(groups.fixture_animals).toMatchObject({ sample_len: 24 });
    expect(groups.fixture_animals!.figures["acc,none"]!.stderr).toBe(0.1305582419667734);
    expect(stdout).toContain("fixture_animals: 1 of 2 members have no acc,none");
    expect(stdout).toContain("examples are drawn from the rows that are asked about");
    expect(stdout).toContain("exact_match,none is 0 in every row");
    const [first] = await samples(output, "zebra-nano-lcat", "fixture_choice");
    expect(first!.arguments).toHaveLength(5);
    expect(first!.arguments[0]).toEqual([
      "The rider put the saddle on its back.\nThe animal is a horse\n\n" +
        "It breathes through a hole in its back and swims in the sea.\nThe animal is a",
      " whale",
    ]);
    expect(first!.tokens[0]![0]).toMatchObject({ cut: 0 });
  });

  it("puts several checkpoints side by side, and never takes one's answers for another's", async () => {
    const output = join(root, "two");
    const task = join(fixtures, "choice.yaml");
    const cache = ["--cache", join(root, "cache")];
    const ask = (...checkpoints: string[]) =>
      runZebra([
        "eval",
        "--tasks",
        task,
        "--output",
        output,
        ...cache,
        ...checkpoints.flatMap((c) => ["--checkpoint", c]),
      ]);
    await ask(`a=${lcat}`);
    const alone = await samples(output, "a", "fixture_choice");
    const { code, stdout } = await ask(`a=${lcat}`, `b=${warm}`);
    expect(code).toBe(0);
    expect(await samples(output, "a", "fixture_choice")).toEqual(alone);
    const other = await samples(output, "b", "fixture_choice");
    expect(other.map(({ resps }) => resps)).not.toEqual(alone.map(({ resps }) => resps));
    expect(other.map(({ doc_hash }) => doc_hash)).toEqual(alone.map(({ doc_hash }) => doc_hash));
    expect(await readdir(join(root, "cache"))).toHaveLength(2);
    expect(stdout).toMatch(/fixture_choice acc +b − a/);
  });

  it("is not changed by how many answers are generated side by side", async () => {
    const texts = [];
    for (const size of ["1", "8"]) {
      const output = join(root, `batch${size}`);
      const task = join(fixtures, "written.yaml");
      await runZebra([
        "eval",
        "--tasks",
        task,
        "--batch-size",
        size,
        "--output",
        output,
        "--checkpoint",
        lcat,
      ]);
      texts.push((await samples(output, "zebra-nano-lcat", "fixture_written")).map(({ resps }) => resps));
    }
    expect(texts[1]).toEqual(texts[0]);
  });

  it("goes on after kill -9 with the same figures, and asks nothing twice", async () => {
    const folder = join(root, "many");
    await cp(fixtures, folder, { recursive: true });
    const rows = (await readFile(join(folder, "choice.jsonl"), "utf8")).trimEnd().split("\n");
    const many = Array.from({ length: 12 }, (_, i) =>
      rows.map((row) => row.replace("It", `It, number ${i},`)),
    );
    await writeFile(join(folder, "choice.jsonl"), many.flat().join("\n"));
    const command = (output: string) => [
      ...["eval", "--tasks", join(folder, "written.yaml"), join(folder, "choice.yaml")],
      ...["--output", output, "--checkpoint", lcat],
    ];
    await runZebra(command(join(root, "whole")));
    const output = join(root, "killed");
    const child = startZebra(command(output));
    const answers = join(output, "answers");
    let known = 0;
    while (known < 20 && child.exitCode === null) {
      await wait(20);
      const [file] = await readdir(answers).catch(() => []);
      known = file ? (await readFile(join(answers, file), "utf8")).split("\n").length - 1 : 0;
    }
    child.kill("SIGKILL");
    await ended(child);
    expect(known).toBeLessThan(12 * 12 * 6);
    const [file] = await readdir(answers);
    // As if the machine had stopped in the middle of a line, too.
    const before = await readFile(join(answers, file!), "utf8");
    await writeFile(join(answers, file!), before.slice(0, -5));
    expect((await runZebra(command(output))).code).toBe(0);
    for (const task of ["fixture_written", "fixture_choice"])
      expect(await samples(output, "zebra-nano-lcat", task)).toEqual(
        await samples(join(root, "whole"), "zebra-nano-lcat", task),
      );
    const [own, whole] = [
      await results(output, "zebra-nano-lcat"),
      await results(join(root, "whole"), "zebra-nano-lcat"),
    ];
    expect(own).toEqual(whole);
    const keys = (await readFile(join(answers, file!), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(0, 75));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("refuses before a model is loaded, with one message", async () => {
    const bad = join(root, "bad.yaml");
    await writeFile(
      bad,
      "task: bad\ndataset_path: json\ndataset_kwargs: {data_files: {test: rows.jsonl}}\ntest_split: test\n" +
        "output_type: generate_until\ndoc_to_text: '{{q}}'\ndoc_to_target: '{{a}}'\nprocess_docs: !function mine.prepare\n",
    );
    const { code, stderr, stdout } = await runZebra(["eval", "--tasks", bad, "--checkpoint", lcat]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("process_docs");
    expect(stderr).toContain("mine.prepare");
    const usage = async (...args: string[]) => (await runZebra(["eval", ...args])).stderr;
    expect(await usage("--tasks", bad)).toContain(
      "--tasks: expected --checkpoint or --endpoint, whom to ask, got neither",
    );
    expect(await usage()).toContain("eval: expected a recipe, or --tasks with --checkpoint, got neither");
    expect(await usage("quickstart", "--limit", "3")).toContain(
      "--limit: expected --tasks beside it, got none",
    );
    expect(await usage("quickstart", "--checkpoint", lcat, "--tasks", bad)).toContain(
      "--tasks: expected no recipe",
    );
  });
});
