import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunEvent, Stopped } from "../../src/contracts/events.ts";
import type { Example, LedgerRow } from "../../src/contracts/example.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import { readExamples } from "../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import type { MixManifest } from "../../src/mixing/manifest.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { sqlLiteral, streamRows } from "../../src/tables/duckdb.ts";
import { nanoDir } from "../tokenizer/fixtures.ts";
import { mixSpec } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-modes-"));
const dataDir = join(root, "data");
const base: MixSpec = { ...mixSpec, max_seq_tokens: 512, over_length: "drop" };
interface Rows {
  input_ids: number[];
  labels: number[];
  loss_weights: number[];
  sources: string[];
}
const examples = new Map<string, Example>();

/** Two datasets of one book, so that their examples share documents. */
beforeAll(async () => {
  const datasets = [
    { name: "long", catalog: "moby-dick", limit: 30, options: { max_chars: 6000 } },
    { name: "short", catalog: "moby-dick", limit: 60, options: { length: "short" } },
  ];
  const split = { validation: 0.15, test: 0.25 };
  await runDataStage(
    { runDir: root, emit: () => {}, stop: { stopped: false } },
    { data: { split, datasets }, seed: 1 },
  );
  for await (const example of readExamples(dataDir)) examples.set(example.id, example);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** All packs by one query. */
async function packsOf(dir: string): Promise<Rows[]> {
  const packs: Rows[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(dir, "packs.parquet"))})`;
  for await (const row of streamRows(sql)) packs.push(row as unknown as Rows);
  return packs;
}

async function run(name: string, change: Partial<MixSpec>, seed = 1) {
  const events: RunEvent[] = [];
  const runDir = join(root, name);
  const spec = { mix: { ...base, ...change }, seed, tokenizerDir: nanoDir, dataDir };
  await runMixStage({ runDir, emit: (event) => events.push(event), stop: { stopped: false } }, spec);
  const mixDir = join(runDir, "mix");
  return {
    events,
    ledger: await ledgerOf(mixDir),
    manifest: JSON.parse(readFileSync(join(mixDir, "manifest.json"), "utf8")) as MixManifest,
    train: await packsOf(join(mixDir, "train")),
    validation: await packsOf(join(mixDir, "validation")),
  };
}

async function ledgerOf(stageDir: string): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(stageDir, "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) rows.push(row as unknown as LedgerRow);
  return rows;
}

const isOffered = (id: string) => examples.get(id)!.split !== "test";
const documentOf = (id: string) => examples.get(id)!.source.document;
const idsOf = (packs: Rows[]) => packs.flatMap(({ sources }) => sources);

describe("whatever the mix", () => {
  const modes: Record<string, Partial<MixSpec>> = {
    drop: {},
    shorten: { over_length: "shorten_context", loss_weights: "sequence" },
    "text-split": { render: "text", over_length: "split", max_seq_tokens: 128 },
    unpacked: { packing: "none", loss_weights: "source" },
    budget: { budget_tokens: 30_000, weights: { long: 1, short: 3 }, max_epochs: 3 },
  };
  for (const [name, change] of Object.entries(modes)) {
    it(`${name}: no document is held out and trained on, and every row read has one fate`, async () => {
      const { events, ledger, manifest, train, validation } = await run(name, change);
      const documents = (split: string) =>
        new Set([...examples.values()].filter((e) => e.split === split).map((e) => e.source.document));
      const [trained, held] = [idsOf(train), idsOf(validation)].map((ids) => new Set(ids.map(documentOf)));
      expect([...trained!].filter((d) => held!.has(d) || documents("test").has(d))).toEqual([]);
      expect([...held!].filter((d) => documents("test").has(d))).toEqual([]);
      expect(Math.min(trained!.size, held!.size, documents("test").size)).toBeGreaterThan(0);

      const made = await ledgerOf(dataDir);
      expect(ledger.map(({ file, row, id }) => [file, row, id])).toEqual(
        made.map(({ file, row, id }) => [file, row, id]),
      );
      // Kept, shortened or changed is what is in the packs, or held out for the test.
      const inPacks = new Set([...idsOf(train), ...idsOf(validation)]);
      const stays = ledger.filter(({ fate }) => fate !== "dropped").map(({ id }) => id);
      expect(stays.filter((id) => examples.get(id)!.split !== "test").sort()).toEqual([...inPacks].sort());
      const offered = ledger.filter(({ id }, i) => made[i]!.fate !== "dropped" && isOffered(id));
      for (const event of events.filter((e) => e.type === "ledger")) {
        const own = offered.filter(({ dataset }) => dataset === event.dataset);
        for (const fate of ["kept", "dropped", "shortened", "changed"] as const)
          expect(own.filter((row) => row.fate === fate).length).toBe(event[fate]);
      }
      for (const [i, row] of ledger.entries()) {
        const tokens = [row.tokens_before, row.tokens_after];
        const isRead = made[i]!.fate !== "dropped" && isOffered(row.id) && !row.detail.startsWith("not read");
        if (!isRead) expect([row.id, ...tokens]).toEqual([row.id, null, null]);
        else if (row.fate === "dropped")
          expect([row.tokens_before! > 0, row.tokens_after]).toEqual([true, 0]);
        else expect(row.tokens_after).toBeLessThanOrEqual(row.tokens_before!);
        expect(row.stage).toBe(offered.includes(row) ? "mix" : "data");
      }

      const max = change.max_seq_tokens ?? base.max_seq_tokens;
      let [tokens, supervised, weight] = [0, 0, 0];
      for (const pack of train) {
        expect(pack.input_ids.length).toBeLessThanOrEqual(max);
        tokens += pack.input_ids.length;
        for (const [t, label] of pack.labels.entries()) {
          if (label < 0) continue;
          supervised++;
          weight += pack.loss_weights[t]!;
        }
      }
      expect(manifest.train).toMatchObject({
        packs: train.length,
        sequences: idsOf(train).length,
        tokens,
        supervised_tokens: supervised,
      });
      expect(weight / supervised).toBeCloseTo(1, 3);
      if (change.packing === "none") for (const { sources } of train) expect(sources).toHaveLength(1);
    });
  }

  it("the budget is shared as the weights say, within one example", async () => {
    const { manifest } = await run("shares", modes.budget!);
    const { long, short } = manifest.datasets;
    expect([long!.target_tokens, short!.target_tokens]).toEqual([7500, 22_500]);
    for (const dataset of [long!, short!]) {
      expect(dataset.max_repeats).toBeLessThanOrEqual(3);
      expect(dataset.tokens).toBeLessThan(dataset.target_tokens + base.max_seq_tokens);
      const reach = Math.min(dataset.target_tokens, 3 * dataset.available_tokens);
      expect(dataset.tokens).toBeGreaterThanOrEqual(reach);
    }
  });

  it("is the same for a seed, another for another", async () => {
    const [one, again, other] = [await run("one", {}), await run("again", {}), await run("other", {}, 2)];
    expect(again.train).toEqual(one.train);
    expect(again.manifest).toEqual(one.manifest);
    expect(idsOf(other.train)).not.toEqual(idsOf(one.train));
    expect(idsOf(other.train).sort()).toEqual(idsOf(one.train).sort());
  });
});

it("stops on request with no manifest, and over_length: error names the example", async () => {
  const runDir = join(root, "stopped");
  const stopped = runMixStage(
    { runDir, emit: () => {}, stop: { stopped: true } },
    { mix: base, seed: 1, tokenizerDir: nanoDir, dataDir },
  );
  await expect(stopped).rejects.toBeInstanceOf(Stopped);
  expect(() => readFileSync(join(runDir, "mix", "manifest.json"))).toThrow("ENOENT");
  await expect(run("error", { over_length: "error" })).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringMatching(
      /^example long\/.*expected at most mix.max_seq_tokens = 512 tokens, got \d+/,
    ),
  });
});
