import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../../src/package-root.ts";
import { loadRecipe } from "../../../src/run/recipe/load-recipe.ts";
import { inputHash } from "../../../src/run/state/input-hash.ts";

const load = (...overrides: string[]) => loadRecipe(packagePath("recipes", "quickstart.yaml"), overrides);

it("how a dataset is rendered is the mix's: packs are made anew, the data stay", async () => {
  const [chats, mixed] = [await load(), await load("data.datasets.1.render=text")];
  expect(await inputHash("data", mixed)).toBe(await inputHash("data", chats));
  expect(await inputHash("mix", mixed)).not.toBe(await inputHash("mix", chats));
  // Said beside the dataset or left to the mix, it is the same mix.
  expect(await inputHash("mix", await load("data.datasets.1.render=chat"))).toBe(
    await inputHash("mix", chats),
  );
});

it("another content of a test set of one's own is another evaluation, and nothing else", async () => {
  const dir = await mkdtemp(join(tmpdir(), "zebra-hash-"));
  const path = join(dir, "heldout.jsonl");
  await writeFile(path, '{"prompt":"a","completion":"b"}\n');
  const recipe = await load(`eval.benchmarks=[{name: mine, path: ${path}}]`);
  const [data, asked] = [await inputHash("data", recipe), await inputHash("eval", recipe, [])];
  expect(await inputHash("eval", recipe, [])).toBe(asked);
  await writeFile(path, '{"prompt":"a","completion":"c"}\n');
  expect(await inputHash("eval", recipe, [])).not.toBe(asked);
  expect(await inputHash("data", recipe)).toBe(data);
  await rm(dir, { recursive: true });
  await expect(load(`eval.benchmarks=[{name: mine, path: ${path}, metrics: [rougel]}]`)).rejects.toThrow(
    /metrics.0: unknown metric rougel; did you mean rougeL\?\n.*path: expected a file or folder, got nothing at /,
  );
});

it("another content of a task's file or of its rows is another evaluation", async () => {
  const dir = await mkdtemp(join(tmpdir(), "zebra-hash-"));
  const [file, rows] = [join(dir, "mine.yaml"), join(dir, "rows.jsonl")];
  const task = (text: string) =>
    writeFile(
      file,
      `task: mine\ndataset_path: json\ndataset_kwargs: {data_files: {test: rows.jsonl}}\ntest_split: test\n` +
        `output_type: generate_until\ndoc_to_text: "${text}"\ndoc_to_target: "{{a}}"\n`,
    );
  await task("{{q}}");
  await writeFile(rows, '{"q":"a","a":"b"}\n');
  const recipe = await load(`eval.tasks=[${file}]`);
  const first = await inputHash("eval", recipe, []);
  expect(await inputHash("eval", recipe, [])).toBe(first);
  await writeFile(rows, '{"q":"a","a":"c"}\n');
  const second = await inputHash("eval", recipe, []);
  expect(second).not.toBe(first);
  await task("{{q}}?");
  expect(await inputHash("eval", recipe, [])).not.toBe(second);
  await rm(dir, { recursive: true });
  await expect(load("eval.tasks=[nowhere.yaml]")).rejects.toThrow(
    /eval.tasks: .*nowhere.yaml: expected a file that can be read/,
  );
});

it("examples that are built for the mix's length are made anew with it; those of an own length stay", async () => {
  const built = (...more: string[]) =>
    load("data.datasets.0.name=world-factbook", "data.datasets.0.catalog=moby-dick-text", ...more);
  const [build, long] = ["data.datasets.0.build={name: continuation}", "mix.max_seq_tokens=1024"];
  const sized = "data.datasets.0.build={name: continuation, options: {target_tokens: [64, 128]}}";
  const hash = async (...more: string[]) => inputHash("data", await built(...more));
  expect(await hash(build, long)).not.toBe(await hash(build));
  expect(await hash(sized, long)).toBe(await hash(sized));
  expect(await hash(long)).toBe(await hash());
});
