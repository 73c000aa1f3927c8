import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Item, Prompted } from "../../../src/eval/benchmark.ts";
import { longbenchV2 } from "../../../src/eval/benchmarks/longbench-v2.ts";
import { v2Scores } from "../../../src/eval/longbench/v2-outcome.ts";
import { v2Prompt } from "../../../src/eval/longbench/v2-rows.ts";
import type { ZebraModel } from "../../../src/model/api.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const dir = await mkdtemp(join(tmpdir(), "zebra-longbench-v2-"));
const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

const row = (i: number, difficulty: string, length: string) => ({
  ...{ _id: `r${i}`, domain: "Code", sub_domain: "x", difficulty, length, question: " Which? " },
  ...{ choice_A: "one", choice_B: "two", choice_C: "$Q$", choice_D: "four $&", answer: "B" },
  context: "  The text has $C_A$ in it.\n",
});
const rows = [row(0, "easy", "short"), row(1, "hard", "long"), row(2, "hard", "medium")];
const template = "<text>\n$DOC$\n</text>\n$Q$\n(A) $C_A$ (B) $C_B$ (C) $C_C$ (D) $C_D$";

beforeAll(async () => {
  await mkdir(join(dir, "prompts"));
  await writeFile(join(dir, "prompts", "0shot.txt"), template);
  await writeFile(join(dir, "prompts", "0shot_cot.txt"), `${template}\nThink.`);
  await writeFile(join(dir, "prompts", "0shot_cot_ans.txt"), "$Q$ Thought: $COT$ So?");
  await writeFile(join(dir, "data.json"), JSON.stringify(rows));
});

const ask = (options: object, limit?: number) =>
  longbenchV2.items(
    { tokenizer, heldOut: { dataDir: "" }, maxSeqTokens: 2000, truncate: "middle" },
    {
      name: "longbench-v2",
      ...(limit !== undefined && { limit }),
      options: { config: dir, data: join(dir, "data.json"), chat_template: false, ...options } as never,
    },
  );

/** Right value: the chain of `.replace` and `.strip` in its pred.py; marks in texts are replaced, too. */
it("fills its template in one mark after the other", () => {
  expect(v2Prompt(template, rows[0]!)).toBe(
    "<text>\nThe text has one in it.\n</text>\nWhich?\n(A) one (B) two (C) $Q$ (D) four $&",
  );
  expect(v2Prompt("$Q$ $COT$", rows[0]!, "$Q$ $1")).toBe("Which? $Q$ $1");
});

it("asks for 128 tokens, and scores the letter by groups", async () => {
  const { items, outcome } = await ask({});
  expect(items.map((item) => (item as Prompted).maxNewTokens)).toEqual([128, 128, 128]);
  const [ids] = await tokenizer.encodeWithSpecials([v2Prompt(template, rows[0]!)], true);
  expect((items[0] as Prompted).prompt).toEqual(ids);
  const said = ["The correct answer is **(B)**.", "The correct answer is C", "no idea"];
  const answers = await Promise.all(items.map((item, i) => (item as Prompted).judge(` ${said[i]}\n`)));
  expect(answers[2]!.scores.filter(({ slice }) => slice === "medium")).toEqual([
    { slice: "medium", metric: "acc", sum: 0, weight: 1 },
    { slice: "medium", metric: "compensated", sum: 0.25, weight: 1 },
    { slice: "medium", metric: "answered", sum: 0, weight: 1 },
  ]);
  const { printed, files } = outcome!("m", new Map(items.map(({ id }, i) => [id, answers[i]!.prediction])));
  expect(printed).toEqual({
    ...{ overall: 33.3, easy: 100, hard: 0, short: 100, medium: 0, long: 0 },
    compensated: { overall: 41.7, easy: 100, hard: 12.5, short: 100, medium: 25, long: 0 },
  });
  const [path, text] = Object.entries(files)[0]!;
  expect(path).toBe("longbench/results/m.jsonl");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[1]).toEqual({ ...rows[1], response: said[1], pred: "C", judge: false });
});

it("with a thought before it, asks twice", async () => {
  const { items, outcome } = await ask({ prompt: "0shot_cot" }, 1);
  const prompts: string[] = [];
  const texts = ["it is two", "The correct answer is (B)"];
  const model = {
    ends: [],
    async generateBatch([prompt]: Int32Array[]) {
      prompts.push(await tokenizer.decode(prompt!, { skipSpecial: true }));
      return [{ ids: [...(await tokenizer.encode(texts[prompts.length - 1]!))], finish: "length" }];
    },
  } as Partial<ZebraModel> as ZebraModel;
  const answer = await (items[0] as Extract<Item, { ask: unknown }>).ask(model);
  expect(prompts[0]).toContain("Think.");
  expect(prompts[1]).toBe("Which? Thought: it is two So?");
  expect(answer.scores[0]).toEqual({ slice: "", metric: "acc", sum: 1, weight: 1 });
  expect(Object.keys(outcome!("m", new Map([[items[0]!.id, "x"]])).files)).toEqual([
    "longbench/results/m_cot.jsonl",
  ]);
});

it("a group without rows has no score", () => {
  const line = { difficulty: "easy", length: "short", pred: null, judge: false };
  expect(v2Scores([line], true)).toEqual({ overall: 25, easy: 25, short: 25 });
});

it("refuses rows of another form", async () => {
  await writeFile(join(dir, "bad.json"), JSON.stringify([{ ...rows[0], answer: "E" }]));
  await expect(ask({ data: join(dir, "bad.json") })).rejects.toThrow("expected answer as A, B, C or D");
  await writeFile(join(dir, "bad.json"), JSON.stringify([rows[0], rows[0]]));
  await expect(ask({ data: join(dir, "bad.json") })).rejects.toThrow("expected each _id once, got r0 again");
});
