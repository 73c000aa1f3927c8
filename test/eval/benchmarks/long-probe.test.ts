import { describe, expect, it } from "vitest";
import { longProbe } from "../../../src/eval/benchmarks/long-probe.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
const made = (
  options: Record<string, (string | number)[] | number | string>,
  { maxSeqTokens = 4096, limit = 99 } = {},
) =>
  longProbe.items(
    { tokenizer, heldOut: { dataDir: "" }, truncate: "middle", maxSeqTokens },
    { name: "long-probe", limit, options },
  );

describe("long-probe", () => {
  it("asks as many of each task and length, in rounds, and counts what it leaves out", async () => {
    const tasks = ["niah_single_1", "vt"];
    const { items, skipped, how } = await made(
      { lengths: [512, 1024, 8192], samples: 2, tasks },
      { limit: 6 },
    );
    expect(items.map(({ id }) => id)).toEqual([
      ...["niah_single_1/512/0", "vt/512/0", "niah_single_1/1024/0", "vt/1024/0"],
      ...["niah_single_1/512/1", "vt/512/1"],
    ]);
    expect(skipped).toEqual({ "8192 tokens is over max_seq_tokens": 4, "over the limit": 2 });
    expect(how).toMatch(/not RULER's numbers; chat template, answers are begun/);
  });

  it("says the smallest length that works for a task that a length is too short for, and it works", async () => {
    const options = { tasks: ["cwe", "niah_single_1"], samples: 2 };
    const { items, skipped } = await made({ ...options, lengths: [256, 600] });
    expect(items.map(({ id }) => id.split("/")[0])).toEqual(Array(4).fill("niah_single_1"));
    const reasons = Object.entries(skipped);
    expect(reasons).toHaveLength(2);
    const [, needs] = /^cwe at 256 tokens: needs (\d+)$/.exec(reasons[0]![0])!;
    expect(reasons.map(([, count]) => count)).toEqual([2, 2]);
    const there = await made({ ...options, lengths: [Number(needs)] });
    expect(there.items).toHaveLength(4);
    expect(there.skipped).toEqual({});
  });

  it("refuses lengths that are too short for everything, with one that is not", async () => {
    await expect(made({ tasks: ["cwe"], lengths: [64], samples: 1 })).rejects.toThrow(
      /long-probe: expected lengths of at least \d{3} tokens for one of its tasks, got 64\. cwe at 64 tokens/,
    );
  });

  it("refuses a task that there is not", async () => {
    await expect(made({ tasks: ["niah"] })).rejects.toThrow(/long-probe\.options\.tasks/);
  });
});
