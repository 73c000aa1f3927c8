import { describe, expect, it } from "vitest";
import type { Prompted } from "../../../src/eval/benchmark.ts";
import { openTasks, type ProbeTask, probeTasks } from "../../../src/eval/probes/catalog.ts";
import { probeItem } from "../../../src/eval/probes/probe-items.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
const tasks = await openTasks(probeTasks, {});
const depths = [0, 25, 50, 75, 100];

async function make(task: ProbeTask, length: number, sample = 0, as: "chat" | "plain" = "chat") {
  const asking = { environment: { tokenizer }, as, depths };
  const made = await probeItem(asking, tasks.get(task)!, { task, length, sample });
  if ("needs" in made) return made;
  return { ...made, item: made.item as Prompted & typeof made.item };
}

describe("probe items", () => {
  // RULER's own generators run on for ever at many of these lengths.
  it.each(probeTasks)("%s fits 256 to 4,096 tokens, or says what it needs, and that works", async (task) => {
    for (const length of [1, 256, 512, 768, 1024, 2048, 4095, 4096]) {
      const made = await make(task, length);
      if ("item" in made) {
        const { prompt, maxNewTokens } = made.item;
        expect(prompt.length + maxNewTokens).toBeLessThanOrEqual(length);
        // Documents have some hundred tokens each.
        if (!task.startsWith("qa")) expect(prompt.length + maxNewTokens).toBeGreaterThan(length - 80);
        expect(made.tries).toBeLessThan(25);
      } else {
        expect(made.needs).toBeGreaterThan(length);
        expect(made.needs).toBeLessThan(4096);
        // Another length asks another question, with some tokens more or less.
        expect(await make(task, made.needs + 100)).toHaveProperty("item");
      }
    }
  });

  it.each(probeTasks)("%s fills 128k tokens in a few tries", async (task) => {
    const made = await make(task, 131072);
    if (!("item" in made)) throw new Error(`expected an item, got ${made.needs}`);
    const tokens = made.item.prompt.length + made.item.maxNewTokens;
    expect(tokens).toBeLessThanOrEqual(131072);
    expect(tokens).toBeGreaterThan(131072 - 512);
    expect(made.tries).toBeLessThan(12);
  });

  it("is the same for the same task, length and number, and another for others", async () => {
    const hashOf = async (length: number, sample: number) => {
      const made = await make("niah_single_2", length, sample);
      return "item" in made ? made.item.inputHash : "";
    };
    expect(await hashOf(1024, 3)).toBe(await hashOf(1024, 3));
    expect(new Set([await hashOf(1024, 3), await hashOf(1024, 4), await hashOf(1025, 3)]).size).toBe(3);
  });

  it("scores the share that is found, by task, length and depth", async () => {
    const single = await make("niah_single_1", 512, 3);
    if (!("item" in single)) throw new Error("expected an item");
    const { scores, target } = await single.item.judge("It is 1234567.");
    expect(scores.map(({ slice, sum }) => [slice, sum])).toEqual([
      ["", 0],
      ["niah_single_1", 0],
      ["512 tokens", 0],
      ["niah_single_1, 512 tokens", 0],
      ["512 tokens, depth 75 %", 0],
      ["niah_single_1, 512 tokens, depth 75 %", 0],
    ]);
    const right = await single.item.judge(`IT IS ${target}`);
    expect(right.scores.every(({ sum }) => sum === 1)).toBe(true);
  });

  it("of four needles each counts at its own depth", async () => {
    const made = await make("niah_multiquery", 2048, 1);
    if (!("item" in made)) throw new Error("expected an item");
    const { target } = await made.item.judge("");
    const { scores } = await made.item.judge(target.split(", ").slice(0, 1).join());
    expect(scores.find(({ slice }) => slice === "")?.sum).toBe(0.25);
    const byDepth = scores.filter(({ slice }) => /^2048 tokens, depth/.test(slice));
    expect(byDepth.reduce((sum, one) => sum + one.weight, 0)).toBe(4);
    expect(byDepth.reduce((sum, one) => sum + one.sum, 0)).toBe(1);
  });

  it("with and without the chat template, the answer is begun", async () => {
    for (const as of ["chat", "plain"] as const) {
      const made = await make("niah_single_1", 512, 0, as);
      if (!("item" in made)) throw new Error("expected an item");
      const text = await tokenizer.decode(made.item.prompt);
      expect(text).toMatch(/The special magic number for \S+ mentioned in the provided text is$/);
      expect(text.includes("[INST]")).toBe(as === "chat");
    }
  });
});
