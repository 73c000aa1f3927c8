import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { askAll } from "../../src/eval/ask.ts";
import { batchesOf } from "../../src/eval/batches.ts";
import type { Answer, Item } from "../../src/eval/benchmark.ts";
import { openSamples } from "../../src/eval/samples.ts";
import { packagePath } from "../../src/package-root.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { randomIds, tinyConfig } from "../model/tiny.ts";
import { writeTinyCheckpoint } from "./tiny-checkpoint.ts";

const common = { isShortened: false, inputHash: "h" };
const answer: Answer = { scores: [], promptTail: "", target: "", prediction: "", tokens: 1 };
const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

function prompted(id: string, prompt: Int32Array, maxNewTokens = 4): Item {
  const judge = async (prediction: string) => ({ ...answer, prediction });
  return { ...common, id, prompt, maxNewTokens, tokenizer, judge };
}

const idsOf = (batches: Item[][]) => batches.map((batch) => batch.map(({ id }) => id));

it("questions on one document are asked together, eight at most; what asks by itself is alone", () => {
  const [one, two] = [randomIds(9, 61, 1), randomIds(9, 61, 2)];
  const items: Item[] = Array.from({ length: 10 }, (_, i) =>
    prompted(`${i % 2}.${i}`, Int32Array.of(...(i % 2 ? one : two), i)),
  );
  items.splice(1, 0, { ...common, id: "scored", ask: async () => answer });
  const batches = idsOf(batchesOf(tinyConfig(), items));
  expect(batches[0]).toEqual(["scored"]);
  const [first, second] = one[0]! < two[0]! ? ["1", "0"] : ["0", "1"];
  expect(batches.flat().slice(1)).toEqual(
    [first, second].flatMap((d) => [0, 2, 4, 6, 8].map((i) => `${d}.${i + Number(d)}`)),
  );
  expect(batches.map(({ length }) => length)).toEqual([1, 8, 2]);
});

it("a batch ends where its caches would pass 1 GiB, and where answers may have another length", () => {
  // Keys and values of a token: 2 · 4 bytes · 16 key heads · 128 · 4 layers = 64 KiB, so 16,384 tokens are 1 GiB.
  const config = tinyConfig({
    num_key_value_heads: 16,
    head_dim: 128,
    layer_types: Array(4).fill("full_attention"),
  });
  const long = (id: string) => prompted(id, new Int32Array(8188).fill(Number(id)));
  expect(idsOf(batchesOf(config, ["1", "2", "3", "4", "5"].map(long)))).toEqual([
    ["1", "2"],
    ["3", "4"],
    ["5"],
  ]);
  const short = [prompted("a", Int32Array.of(1), 2), prompted("b", Int32Array.of(1), 3)];
  expect(idsOf(batchesOf(config, short))).toEqual([["a"], ["b"]]);
});

it("an item of a batch that fails does so for itself only; lines stand in the order of the items", async () => {
  const dir = await mkdtemp(join(tmpdir(), "zebra-batches-"));
  try {
    await writeTinyCheckpoint(join(dir, "model"), 1);
    await using model = await loadModel(join(dir, "model"));
    const items = [9, 3, 6].map((n) => prompted(`${n}`, randomIds(n, 4096, n)));
    const bad: Item = {
      ...prompted("bad", randomIds(5, 4096, 5)),
      judge: () => Promise.reject(new Error("cannot be judged")),
    };
    const ctx = { runDir: dir, emit: () => {}, stop: { stopped: false } };
    const log = await openSamples(dir, "m", "b", "key");
    const lines = await askAll(ctx, model, [...items, bad], log, "b m");
    expect(lines.map((line) => [line.id, "error" in line && line.error])).toEqual([
      ["9", false],
      ["3", false],
      ["6", false],
      ["bad", "cannot be judged"],
    ]);
    const alone = [];
    for (const item of items) {
      const log = await openSamples(dir, "m", item.id, "key");
      alone.push(...(await askAll(ctx, model, [item], log, "b m")));
    }
    expect(lines.slice(0, 3)).toEqual(alone);
    expect(new Set(lines.slice(0, 3).map((line) => "prediction" in line && line.prediction)).size).toBe(3);
  } finally {
    await rm(dir, { recursive: true });
  }
});
