import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Example } from "../../../src/contracts/example.ts";
import { contextGain, gainScores } from "../../../src/eval/benchmarks/context-gain.ts";
import type { ZebraModel } from "../../../src/model/api.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { exampleOf, writeDataFolder } from "../../mixing/data-folder.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "zebratune-context-gain-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const document = (words: number, name: string): Example => ({
  ...exampleOf({
    ...{ split: "test", document: name },
    messages: [{ role: "assistant", content: Array.from({ length: words }, (_, i) => `w${i}`).join(" ") }],
  }),
  task: "other",
});

it("sums are those of the predicted tokens; the whole has the most context; the gain is least minus most", () => {
  expect(gainScores([256, 512, 1024], [300, 280, 250], 100)).toEqual([
    { slice: "", metric: "nats_per_token", sum: 250, weight: 100 },
    { slice: "", metric: "context_gain", sum: 50, weight: 100 },
    { slice: "256 tokens before", metric: "nats_per_token", sum: 300, weight: 100 },
    { slice: "512 tokens before", metric: "nats_per_token", sum: 280, weight: 100 },
    { slice: "1024 tokens before", metric: "nats_per_token", sum: 250, weight: 100 },
  ]);
});

it("the same tokens are scored with each number of tokens before them, and nothing else", async () => {
  await writeDataFolder(dir, [document(400, "long"), document(20, "short")]);
  const { items, skipped, how } = await contextGain.items(
    { tokenizer, heldOut: { dataDir: dir }, truncate: "middle", maxSeqTokens: 950 },
    { name: "context-gain", options: { contexts: [256, 64, 16, 990, 900], targets: 8 } },
  );
  const [item] = items;
  if (!item || !("ask" in item)) throw new Error("expected a document");
  const asked: { ids: number[]; scored: number[] }[] = [];
  const model = {
    async nll(ids: Int32Array, targets: Int32Array) {
      const scored = [...targets.entries()].filter(([, target]) => target >= 0);
      for (const [t, target] of scored) expect(target).toBe(ids[t + 1]);
      asked.push({ ids: [...ids], scored: scored.map(([, target]) => target) });
      return Float32Array.from(targets, (target) => (target < 0 ? 0 : 1));
    },
  } as Partial<ZebraModel> as ZebraModel;
  const { scores } = await item.ask(model);
  const whole = [...(await tokenizer.encode(document(400, "long").messages[0]!.content))];
  const most = whole.length >= 908 ? 900 : 256;
  const contexts = [16, 64, 256, ...(most === 900 ? [900] : [])];
  expect(asked.map(({ ids }) => ids)).toEqual(
    contexts.map((context) => whole.slice(most - context, most + 8)),
  );
  for (const { scored } of asked) expect(scored).toEqual(whole.slice(most, most + 8));
  expect(scores.map(({ slice, metric, sum, weight }) => [slice, metric, sum / weight])).toEqual([
    ["", "nats_per_token", 1],
    ["", "context_gain", 0],
    ...contexts.map((context) => [`${context} tokens before`, "nats_per_token", 1]),
  ]);
  expect(Object.keys(skipped)).toContain("990 tokens and 8: over max_seq_tokens");
  expect(skipped[`documents under ${most + 8} tokens`]).toBe(1);
  expect(how).toContain(`with ${contexts.join(", ")} before them`);
});

it("contexts that no document is long enough for are left out, and of one context there is no gain", async () => {
  await writeDataFolder(dir, [document(40, "one")]);
  const { items, skipped } = await contextGain.items(
    { tokenizer, heldOut: { dataDir: dir }, truncate: "middle", maxSeqTokens: 4096 },
    { name: "context-gain", options: { contexts: [16, 2000], targets: 8 } },
  );
  expect(items).toEqual([]);
  expect(skipped["2000 tokens and 8: longer than every document"]).toBe(1);
});
