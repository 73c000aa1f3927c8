import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { Example } from "../../src/contracts/example.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import type { MixManifest } from "../../src/mixing/manifest.ts";
import { openPacks } from "../../src/mixing/packs/pack-store.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { nanoDir } from "../tokenizer/fixtures.ts";
import { exampleOf, mixSpec, readingOf, writeDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-refusals-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let runs = 0;

async function mixOf(examples: Example[], spec: Partial<MixSpec> = {}, stop = { stopped: false }) {
  const runDir = join(root, `${runs++}`);
  const dataDir = await writeDataFolder(join(runDir, "data"), examples);
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => {
    events.push(event);
    if (event.type === "stage.progress" && event.label === stopAt) stop.stopped = true;
  };
  const run = () =>
    runMixStage(
      { runDir, emit, stop },
      { mix: { ...mixSpec, ...spec }, seed: 3, tokenizerDir: nanoDir, dataDir },
    );
  const manifest = () =>
    JSON.parse(readFileSync(join(runDir, "mix", "manifest.json"), "utf8")) as MixManifest;
  const warnings = () => events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  return { run, manifest, warnings, events, mixDir: join(runDir, "mix") };
}
let stopAt = "";

const many = (count: number, parts: Parameters<typeof exampleOf>[0] = {}) =>
  Array.from({ length: count }, () => exampleOf(parts));

describe("a document in two splits stops the mix", () => {
  for (const split of ["validation", "test"] as const) {
    it(`train and ${split}, across datasets`, async () => {
      const leak = [
        exampleOf({ document: "chapter 1" }),
        exampleOf({ document: "chapter 1", split, dataset: "other" }),
      ];
      const { run, mixDir } = await mixOf([...many(3), ...leak]);
      await expect(run()).rejects.toMatchObject({
        code: "E_DATA",
        message: expect.stringMatching(
          /expected each document in one split, got chapter 1 \(of notes\/\d+\) in/,
        ),
      });
      expect(existsSync(join(mixDir, "manifest.json"))).toBe(false);
    });
  }
});

/** The template takes no answer before the first question. */
const answerFirst: Example["messages"] = [
  { role: "assistant", content: "b" },
  { role: "user", content: "a" },
  { role: "assistant", content: "b" },
];

describe("nothing to train on", () => {
  it("says that all examples are held out", async () => {
    const { run } = await mixOf(many(2, { split: "test" }));
    await expect(run()).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringContaining("got none: all 2 examples are held out (test 2)"),
    });
    await expect(run()).rejects.toMatchObject({
      message: expect.stringContaining("`- path: train.jsonl` and `- { path: test.jsonl, split: test }`"),
    });
  });

  it("says why each was dropped, and leaves the ledger", async () => {
    const backwards = exampleOf({ messages: answerFirst });
    const { run, mixDir } = await mixOf([readingOf("word ".repeat(400)), backwards], { over_length: "drop" });
    await expect(run()).rejects.toThrow(
      // Its reasons ended in two full stops.
      /used\. 1 over_length, first \S+: \d+ tokens, at most 256; 1 chat_template, first \S+: .*expected roles(?!.*\.\.).*\. mix\/ledger\.parquet has them all\.$/,
    );
    expect(existsSync(join(mixDir, "ledger.parquet"))).toBe(true);
  });
});

describe("what is less than was asked for is said", () => {
  it("a dataset too small for its share", async () => {
    const examples = [...many(4, { dataset: "small" }), ...many(60, { dataset: "large" })];
    const { run, manifest, warnings } = await mixOf(examples, { budget_tokens: 1000, max_epochs: 2 });
    await run();
    const { small, large } = manifest().datasets;
    expect(small).toMatchObject({ target_tokens: 500, sequences: 8, available_sequences: 4, max_repeats: 2 });
    expect(small!.tokens).toBe(2 * small!.available_tokens);
    expect(large).toMatchObject({ target_tokens: 500, available_sequences: 60, max_repeats: 1 });
    expect(large!.tokens).toBeGreaterThanOrEqual(500);
    expect(warnings()).toEqual([
      `dataset small: ${small!.tokens} of 500 tokens of its share: it has ${small!.available_tokens}, and mix.max_epochs is 2`,
    ]);
  });

  it("a dataset with weight 0 is in the manifest, with nothing", async () => {
    const examples = [...many(4, { dataset: "off" }), ...many(4)];
    const { run, manifest, warnings } = await mixOf(examples, { weights: { off: 0 } });
    await run();
    expect(manifest().datasets.off).toMatchObject({
      target_tokens: 0,
      tokens: 0,
      available_sequences: 4,
      max_repeats: 0,
    });
    expect(warnings()).toEqual([]);
  });

  it("examples in which nothing is asked", async () => {
    const backwards = exampleOf({ messages: [{ role: "assistant", content: "b" }] });
    const { run, warnings } = await mixOf([...many(3), backwards]);
    await run();
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain(
      `1 of 4 examples dropped because nothing is asked in them; first: ${backwards.id}`,
    );
  });

  it("validation examples of which none is short enough, and a limit that is kept", async () => {
    const examples = [...many(3), ...many(30, { split: "validation" })];
    const none = await mixOf(examples, { validation_tokens: 8 });
    await none.run();
    expect(none.warnings()).toEqual([
      "mix.validation_tokens = 8: none of 30 held-out examples is as short as that",
    ]);
    await using nothing = await openPacks(join(none.mixDir, "validation"));
    expect(nothing.count).toBe(0);
    const some = await mixOf(examples, { validation_tokens: 200 });
    await some.run();
    await using packs = await openPacks(join(some.mixDir, "validation"));
    expect(packs.tokens).toBeLessThanOrEqual(200);
    expect(packs.tokens).toBeGreaterThan(180);
    expect(some.warnings()).toEqual([]);
  });
});

describe("stopping", () => {
  for (const label of ["tokenize train", "check and write train"]) {
    it(`at "${label}" leaves no manifest and no unfinished file`, async () => {
      const examples = [...many(130), ...many(3, { split: "validation" })];
      stopAt = label;
      const { run, mixDir, events } = await mixOf(examples, { packing: "none" });
      await expect(run()).rejects.toMatchObject({ name: "Stopped" });
      stopAt = "";
      expect(existsSync(join(mixDir, "manifest.json"))).toBe(false);
      expect(existsSync(join(mixDir, "train", "packs.parquet"))).toBe(false);
      expect(events.some((event) => event.type === "stage.end")).toBe(false);
    });
  }
});

it("progress goes up to the total for every label", async () => {
  const examples = [...many(130), ...many(3, { split: "validation" })];
  const { run, events } = await mixOf(examples, { packing: "none" });
  await run();
  const last = new Map<string, [number, number]>();
  for (const event of events)
    if (event.type === "stage.progress") last.set(event.label, [event.done, event.total]);
  expect([...last.keys()]).toEqual([
    "tokenize train",
    "tokenize validation",
    "check and write train",
    "check and write validation",
  ]);
  for (const [done, total] of last.values()) expect(done).toBe(total);
});
