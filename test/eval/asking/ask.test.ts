import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModel } from "../../../src/checkpoint/load-model.ts";
import type { RunEvent } from "../../../src/contracts/events.ts";
import { askAll } from "../../../src/eval/asking/ask.ts";
import type { Item } from "../../../src/eval/benchmark.ts";
import { openSamples } from "../../../src/eval/results/samples.ts";
import { randomIds } from "../../model/tiny.ts";
import { answer, prompted } from "../items.ts";
import { writeTinyCheckpoint } from "../tiny-checkpoint.ts";

it("an item that fails leaves its batch alone; lines are in the order of the items", async () => {
  const dir = await mkdtemp(join(tmpdir(), "zebra-batches-"));
  try {
    await writeTinyCheckpoint(join(dir, "model"), 1);
    await using model = await loadModel(join(dir, "model"));
    const items = [9, 3, 6].map((n) => ({
      ...prompted(`${n}`, randomIds(n, 4096, n)),
      judge: async (prediction: string) => ({ ...answer, target: "right", prediction }),
    }));
    const bad: Item = {
      ...prompted("bad", randomIds(5, 4096, 5)),
      judge: () => Promise.reject(new Error("cannot be judged")),
    };
    const events: RunEvent[] = [];
    const ctx = { runDir: dir, emit: (event: RunEvent) => events.push(event), stop: { stopped: false } };
    const asked = { benchmark: "b", label: "m" };
    const log = await openSamples(dir, "m", "b", "key");
    const lines = await askAll(ctx, model, [...items, bad], log, asked);
    expect(lines.map((line) => [line.id, "error" in line && line.error])).toEqual([
      ["9", false],
      ["3", false],
      ["6", false],
      ["bad", "cannot be judged"],
    ]);
    // Each answer is shown beside the right one, and of the item that failed its error.
    const shown = events.flatMap((event) => (event.type === "eval.sample" ? [event] : []));
    expect(shown.map(({ id, error }) => [id, error]).sort()).toEqual([
      ["3", undefined],
      ["6", undefined],
      ["9", undefined],
      ["bad", "cannot be judged"],
    ]);
    const [nine] = lines;
    expect(shown.find(({ id }) => id === "9")).toMatchObject({
      model: "m",
      benchmark: "b",
      prediction: nine && "prediction" in nine ? nine.prediction : "",
    });
    const alone = [];
    for (const item of items) {
      const log = await openSamples(dir, "m", item.id, "key");
      alone.push(...(await askAll(ctx, model, [item], log, asked)));
    }
    expect(lines.slice(0, 3)).toEqual(alone);
    expect(new Set(lines.slice(0, 3).map((line) => "prediction" in line && line.prediction)).size).toBe(3);
  } finally {
    await rm(dir, { recursive: true });
  }
});
