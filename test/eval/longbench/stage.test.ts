import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stopped } from "../../../src/contracts/events.ts";
import { readPredictions, v1Scores } from "../../../src/eval/longbench/predictions.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { runEvalStage } from "../../../src/eval/stage.ts";
import { evalSpec } from "../eval-spec.ts";
import { writeTinyCheckpoint } from "../tiny-checkpoint.ts";

const root = await mkdtemp(join(tmpdir(), "zebra-longbench-stage-"));

it("an evaluation leaves LongBench's files and numbers, the same after a stop", async () => {
  await writeTinyCheckpoint(join(root, "model"), 1);
  await mkdir(join(root, "lb"));
  const prompts = { qasper: "{context} {input}", samsum: "{context}\n{input}" };
  await writeFile(join(root, "lb", "dataset2prompt.json"), JSON.stringify(prompts));
  await writeFile(join(root, "lb", "dataset2maxlen.json"), '{"qasper": 4, "samsum": 4}');
  for (const dataset of ["qasper", "samsum"]) {
    const rows = [0, 1, 2].map((i) => ({
      ...{ _id: `${i}`, context: "the sea ".repeat(1 + 60 * i), input: "what?", answers: ["the sea"] },
      ...{ length: 10, dataset, language: "en", all_classes: null },
    }));
    await writeFile(join(root, `${dataset}.jsonl`), rows.map((row) => JSON.stringify(row)).join("\n"));
  }
  const options = { config: join(root, "lb"), data: root, tasks: ["qasper", "samsum"] };
  const run = async (name: string, stopAfter = Number.POSITIVE_INFINITY) => {
    const stop = { stopped: false };
    const runDir = join(root, name);
    const ctx = {
      ...{ runDir, stop },
      emit: (event: { type: string; done?: number }) => {
        if (event.type === "stage.progress" && (event.done ?? 0) >= stopAfter) stop.stopped = true;
      },
    };
    const asked = evalSpec({ max_seq_tokens: 100, benchmarks: [{ name: "longbench", options }] });
    await runEvalStage(ctx, {
      ...{ eval: asked, models: [{ label: "m", dir: join(root, "model") }], dataDir: join(root, "data") },
    });
    return JSON.parse(await readFile(join(runDir, "eval", "results.json"), "utf8")) as Results;
  };
  const whole = await run("whole");
  const files = await readPredictions(join(root, "whole", "eval", "longbench", "pred", "m"));
  expect([...files].map(([dataset, lines]) => [dataset, lines.length])).toEqual([
    ["qasper", 3],
    ["samsum", 3],
  ]);
  const { datasets, mean } = v1Scores(files);
  expect(whole.printed).toEqual({ longbench: { m: { ...datasets, mean } } });
  expect(whole.sources).toEqual({ longbench: { follows: "LongBench 2e00731", data: root } });
  const all = whole.results.find(({ slice }) => slice === "")!;
  expect(all.cut).toMatchObject({ rows: 4, share: 4 / 6 });
  await expect(run("stopped", 1)).rejects.toThrow(Stopped);
  expect(await run("stopped")).toEqual(whole);
});
