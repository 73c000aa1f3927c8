import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ConfigError,
  checkRecipe,
  data,
  defineRecipe,
  type RecipeInput,
  run,
  runEvents,
  ZebraError,
} from "../../src/index.ts";
import { packagePath } from "../../src/package-root.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-library-"));
  await writeFile(
    join(folder, "rows.jsonl"),
    Array.from({ length: 40 }, (_, i) => `{"prompt":"What is ${i}?","completion":"A number, ${i}."}\n`).join(
      "",
    ),
  );
});
afterEach(() => rm(folder, { recursive: true }));

const recipe = (name: string): RecipeInput => ({
  name,
  model: { checkpoint: packagePath("checkpoints", "zebra-nano-lcat") },
  data: { datasets: [{ path: "rows.jsonl" }] },
  mix: { max_seq_tokens: 64 },
  finetune: { max_steps: 200, packs_per_step: 1, device: "cpu", epochs: 1000, checkpoint_every_steps: 0 },
});

async function errorOf(made: Promise<unknown>): Promise<unknown> {
  return made.then(
    () => expect.fail("expected an error"),
    (error: unknown) => error,
  );
}

describe("defineRecipe", () => {
  it("gives the recipe back as it is, without defaults", () => {
    const written = recipe("a");
    const copy = structuredClone(written);
    expect(defineRecipe(written)).toBe(written);
    expect(written).toEqual(copy);
  });

  it("tells every problem by its path", () => {
    const wrong: unknown = { ...recipe("a"), finetune: { lr: -1, learning_rat: 1 } };
    const error = (() => {
      try {
        return defineRecipe(wrong as RecipeInput);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ConfigError);
    const { problems } = error as ConfigError;
    expect(problems).toHaveLength(2);
    expect(problems).toContain("finetune.lr: expected number greater than 0, got -1");
    expect(problems.find((one) => one.startsWith("finetune.learning_rat: "))).toBeDefined();
  });

  it("wants a name: two recipes without would share a folder", () => {
    const { name: _, ...nameless } = recipe("a");
    expect(() => defineRecipe(nameless as RecipeInput)).toThrow(/name: expected a name/);
  });
});

it("checkRecipe fills defaults in and starts relative paths at baseDir", async () => {
  const checked = await checkRecipe(recipe("a"), { baseDir: folder });
  expect(checked.output_dir).toBe(join(folder, "runs", "a"));
  expect(checked.data.datasets[0]).toMatchObject({ name: "rows", path: join(folder, "rows.jsonl") });
  expect(checked.seed).toBe(42);
  expect(await errorOf(checkRecipe(recipe("a")))).toMatchObject({
    code: "E_CONFIG",
    problems: [expect.stringMatching(/^data\.datasets\.0\.path: expected a file or folder/)],
  });
});

it("two runs in one process, each in its folder; a stage that is complete is not run again", async () => {
  const both = await Promise.all(["a", "b"].map((name) => data(recipe(name), { baseDir: folder })));
  for (const { data: manifest, runDir, stages, files } of both) {
    expect(manifest.totals.read).toBe(40);
    expect(stages.data).toMatchObject({ ran: true });
    expect(files.data).toBe(join(runDir, "data"));
  }
  const again = await data(recipe("a"), { baseDir: folder });
  expect(again.stages.data).toMatchObject({ ran: false });
});

it("a signal stops training with a checkpoint, and leaving the iterator does too", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  const made = run(recipe("a"), {
    baseDir: folder,
    signal: stop.signal,
    onEvent: (event) => event.type === "train.step" && stop.abort(reason),
  });
  const error = await errorOf(made);
  expect(error).toBeInstanceOf(ZebraError);
  expect(error).toMatchObject({ code: "E_STOPPED", cause: reason });
  let resumed = 0;
  let path = "";
  for await (const event of runEvents(recipe("a"), { baseDir: folder })) {
    if (event.type === "train.checkpoint") path = event.path;
    if (event.type !== "train.step") continue;
    resumed = event.step;
    break;
  }
  expect(resumed).toBeGreaterThan(1);
  expect(path === "" || existsSync(path)).toBe(true);
});

it("what onEvent throws stops the run and is thrown on; a signal set before lets nothing start", async () => {
  const thrown = new RangeError("mine");
  const onEvent = () => {
    throw thrown;
  };
  expect(await errorOf(data(recipe("a"), { baseDir: folder, onEvent }))).toBe(thrown);
  const stopped = await errorOf(data(recipe("b"), { baseDir: folder, signal: AbortSignal.abort() }));
  expect(stopped).toMatchObject({ code: "E_STOPPED" });
  expect(existsSync(join(folder, "runs", "b"))).toBe(false);
});
