import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { Example } from "../../src/contracts/example.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import { readExamples } from "../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import type { MixManifest } from "../../src/mixing/manifest.ts";
import { openPacks } from "../../src/mixing/packs/pack-store.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../tokenizer/fixtures.ts";
import { mixSpec } from "./data-folder.ts";

const runDir = mkdtempSync(join(tmpdir(), "zebratune-mix-"));
const stop = { stopped: false };
const mix: MixSpec = { ...mixSpec, max_seq_tokens: 1024 };
const events: RunEvent[] = [];
const examples = new Map<string, Example>();

beforeAll(async () => {
  const split = { validation: 0.2, test: 0.2 };
  const datasets = [{ name: "moby-dick", catalog: "moby-dick", limit: 200, options: { max_chars: 6000 } }];
  await runDataStage({ runDir, emit: () => {}, stop }, { data: { split, datasets }, seed: 1 });
  await runMixStage(
    { runDir, emit: (event) => events.push(event), stop },
    { mix, seed: 1, tokenizerDir: nanoDir, dataDir: join(runDir, "data") },
  );
  for await (const example of readExamples(join(runDir, "data"))) examples.set(example.id, example);
});
afterAll(() => rmSync(runDir, { recursive: true, force: true }));

it("every example of a split is in its packs or in the ledger as dropped, none of the test split anywhere", async () => {
  const splits = { train: new Set<string>(), validation: new Set<string>() };
  for (const name of ["train", "validation"] as const) {
    await using packs = await openPacks(join(runDir, "mix", name));
    for (let i = 0; i < packs.count; i++)
      for (const id of (await packs.read(i)).sources) splits[name].add(id);
    for (const id of splits[name]) expect(examples.get(id)!.split).toBe(name);
  }
  const ledger = events.find((event) => event.type === "ledger");
  if (ledger?.type !== "ledger") throw new Error("expected a ledger event");
  const wanted = [...examples.values()].filter(({ split }) => split !== "test").length;
  expect(ledger.kept + ledger.shortened + ledger.changed + ledger.dropped).toBe(wanted);
  expect(splits.train.size + splits.validation.size).toBe(wanted - ledger.dropped);
  expect(ledger.shortened).toBeGreaterThan(0);
});

it("what is trained in a pack decodes to the example's answers and their end tokens", async () => {
  const tokenizer = await loadTokenizer(nanoDir);
  await using packs = await openPacks(join(runDir, "mix", "train"));
  let seen = 0;
  for (let p = 0; p < packs.count; p++) {
    const pack = await packs.read(p);
    expect(pack.input_ids.length).toBe(packs.lengths[p]);
    expect(pack.input_ids.length).toBeLessThanOrEqual(1024);
    let start = 0;
    for (const [s, length] of [...pack.seq_lengths].entries()) {
      const labels = pack.labels.subarray(start, start + length).filter((label) => label >= 0);
      const answers = examples.get(pack.sources[s]!)!.messages.filter(({ role }) => role === "assistant");
      expect(await tokenizer.decode(labels)).toBe(answers.map(({ content }) => ` ${content}</s>`).join(""));
      expect(pack.position_ids[start]).toBe(0);
      start += length;
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(50);
});

it("the manifest counts what is in the packs", async () => {
  const manifest = JSON.parse(readFileSync(join(runDir, "mix", "manifest.json"), "utf8")) as MixManifest;
  await using packs = await openPacks(join(runDir, "mix", "train"));
  expect(manifest.train).toMatchObject({
    packs: packs.count,
    tokens: packs.tokens,
    supervised_tokens: packs.supervisedTokens,
  });
  expect(Object.values(manifest.lengths).reduce((n, { tokens }) => n + tokens, 0)).toBe(packs.tokens);
});
