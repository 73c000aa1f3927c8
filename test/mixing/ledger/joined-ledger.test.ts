import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { LedgerRow } from "../../../src/contracts/example.ts";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { runLedger } from "../../../src/datasets/folder/run-ledger.ts";
import { whyOf } from "../../../src/datasets/folder/why.ts";
import { splitOf } from "../../../src/datasets/split.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { runMixStage } from "../../../src/mixing/stage.ts";
import { sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { mixSpec } from "../data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-ledger-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const split = { validation: 0.2, test: 0.2 };
let runs = 0;

function documentIn(wanted: string, n = 0): string {
  return splitOf(`${wanted} ${n}`, split) === wanted ? `${wanted} ${n}` : documentIn(wanted, n + 1);
}
const documents = ["train", "validation", "test"].map((one) => documentIn(one));
const train = documents[0]!;

/** A line of Alpaca's form; `words` of input, which may be shortened. */
const row = (id: string, document: string, words = 3, output = "So it is.") =>
  JSON.stringify({ id, document, instruction: "What is it?", input: "word ".repeat(words), output });

async function run(lines: readonly string[], change: Partial<MixSpec> = {}) {
  const runDir = join(root, String(runs++));
  const path = `${runDir}.jsonl`;
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  const events: RunEvent[] = [];
  const ctx = { runDir, emit: (event: RunEvent) => events.push(event), stop: { stopped: false } };
  const datasets = [{ name: "rows", path, format: "alpaca" as const }];
  const data = () => runDataStage({ ...ctx, emit: () => {} }, { data: { split, datasets }, seed: 1 });
  const mix = () =>
    runMixStage(ctx, {
      mix: { ...mixSpec, max_seq_tokens: 64, ...change },
      seed: 1,
      tokenizerDir: nanoDir,
      dataDir: join(runDir, "data"),
    });
  const rows = async () => {
    const found: LedgerRow[] = [];
    const sql = `SELECT * FROM read_parquet(${sqlLiteral(await runLedger(runDir))})`;
    for await (const one of streamRows(sql)) found.push(one as unknown as LedgerRow);
    return found;
  };
  await data();
  return { runDir, path, data, mix, rows, events };
}

const fates = (rows: readonly LedgerRow[]) =>
  rows.map(({ id, fate, stage, reason }) => [id, fate, stage, reason]);

describe("one table for a run", () => {
  it("has the last fate of every row, whichever stage decided it", async () => {
    const made = await run([
      row("good", train),
      row("long", train, 200),
      "{broken",
      row("nul", train, 3, "So it\0 is."),
      row("nul-long", train, 200, "So it\0 is."),
      row("endless", train, 3, "word ".repeat(200)),
      row("held", documents[1]!),
      row("test", documents[2]!),
      row("good", train, 4),
      row("good", train, 3, ""),
    ]);
    await made.mix();
    const rows = await made.rows();
    expect(fates(rows)).toEqual([
      ["rows/good", "kept", "mix", ""],
      ["rows/long", "shortened", "mix", "context"],
      ["rows/3", "dropped", "data", "json_syntax"],
      ["rows/nul", "changed", "data", "nul_character"],
      ["rows/nul-long", "shortened", "mix", "context"],
      ["rows/endless", "dropped", "mix", "over_length"],
      ["rows/held", "kept", "mix", ""],
      ["rows/test", "kept", "data", ""],
      ["rows/good@0.jsonl:9", "changed", "data", "duplicate_id"],
      // It has the id of another, which is kept.
      ["rows/good", "dropped", "data", "empty_answer"],
    ]);
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(Object.keys(rows[0]!)).toEqual([
      ..."dataset row id fate stage reason detail tokens_before tokens_after".split(" "),
      "file",
    ]);
    expect(rows[4]!.detail).toMatch(/^\d+ tokens, at most 64; data: nul_character: NUL became U\+FFFD$/);
    const why = await whyOf(made.runDir, "rows/long");
    expect(why.fates).toHaveLength(1);
    expect(why.fates[0]!.tokens_before).toBeGreaterThan(200);
    expect(why.fates[0]!.tokens_after).toBeLessThanOrEqual(64);
  });

  it("what the budget does not need is dropped for that, read or not", async () => {
    const lines = Array.from({ length: 60 }, (_, i) => row(`r${i}`, train));
    const made = await run([...lines, row("held", documents[1]!)], {
      budget_tokens: 100,
      validation_tokens: 8,
    });
    await made.mix();
    const rows = await made.rows();
    const details = Map.groupBy(rows, ({ fate, reason, detail }) => `${fate} ${reason} ${detail}`);
    expect([...details.keys()].sort()).toEqual([
      "dropped budget not read: the budget is met without it",
      "dropped budget the budget is met without it",
      "dropped validation_tokens mix.validation_tokens = 8",
      "kept  ",
    ]);
    expect(details.get("dropped budget not read: the budget is met without it")![0]).toMatchObject({
      tokens_before: null,
      tokens_after: null,
    });
    expect(rows.length).toBe(61);
  });

  it("data newer than the mix: the fates are those of the data", async () => {
    const made = await run([row("one", train), row("two", train)]);
    await made.mix();
    expect((await made.rows())[0]!.stage).toBe("mix");
    writeFileSync(made.path, `${row("one", train)}\n{broken\n`);
    await made.data();
    expect(fates(await made.rows())).toEqual([
      ["rows/one", "kept", "data", ""],
      ["rows/2", "dropped", "data", "json_syntax"],
    ]);
    await made.mix();
    expect((await made.rows()).map(({ stage }) => stage)).toEqual(["mix", "data"]);
  });

  it("pieces of a document that the budget does not need are told, and not counted", async () => {
    const made = await run([row("long", train, 3, "word ".repeat(400))], {
      render: "text",
      over_length: "split",
      budget_tokens: 150,
    });
    await made.mix();
    const [only] = await made.rows();
    expect(only).toMatchObject({ fate: "changed", stage: "mix", reason: "split", tokens_after: 192 });
    expect(only!.tokens_before).toBeGreaterThan(400);
    expect(only!.detail).toMatch(
      /^\d+ tokens, at most 64: 7 pieces; 3 of 7 pieces are in packs: the budget is met without it$/,
    );
  });

  it("what a killed run left unfinished goes with the next; it stayed for ever", async () => {
    const made = await run([row("one", train)]);
    await made.mix();
    const all = () => readdirSync(made.runDir, { recursive: true }).map(String).sort();
    const before = all();
    const left = ["data/.0a1b2c3d.parts.tmp/0.parquet", "data/rows.0a1b2c3d.old/examples.parquet"];
    left.push("mix/.train.tokens.tmp", "mix/train/.tmp-groups-x/0.parquet", "mix/.tmp-ledger-x/own.parquet");
    for (const path of left) {
      mkdirSync(dirname(join(made.runDir, path)), { recursive: true });
      writeFileSync(join(made.runDir, path), "half");
    }
    await made.data();
    await made.mix();
    expect(all()).toEqual(before);
  });

  it("a mix of nothing leaves it, too", async () => {
    const made = await run([row("long", train, 3, "word ".repeat(200))]);
    await expect(made.mix()).rejects.toThrow(/expected train examples, got none that can be used/);
    expect(fates(await made.rows())).toEqual([["rows/long", "dropped", "mix", "over_length"]]);
  });
});

it("any rows, any mix: each has one fate, in order, and the sums are those of input and events", async () => {
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(
        fc.constantFrom("a", "b", "c"),
        fc.constantFrom(...documents),
        fc.constantFrom(2, 90),
        fc.constantFrom("yes", "", "a\0b"),
      ),
    },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const mix = fc.record({
    over_length: fc.constantFrom("shorten_context" as const, "drop" as const),
    budget_tokens: fc.constantFrom(0, 60),
    validation_tokens: fc.constantFrom(0, 40),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 14 }), mix, async (some, change) => {
      const lines = some.map((one) => (one === null ? "{" : row(...one)));
      const made = await run([row("sure", train), ...lines], change);
      await made.mix();
      const rows = await made.rows();
      expect(rows.map(({ row }) => row)).toEqual([...lines.keys(), lines.length].map((i) => i + 1));
      const offered = rows.filter(({ stage, tokens_before }) => stage === "mix" || tokens_before !== null);
      const event = made.events.find((one) => one.type === "ledger")!;
      expect(event.kept + event.dropped + event.shortened + event.changed).toBe(offered.length);
      for (const { fate, reason, stage, tokens_before, tokens_after } of rows) {
        expect(fate === "kept").toBe(reason === "");
        if (fate === "dropped" && stage === "data")
          expect([tokens_before, tokens_after]).toEqual([null, null]);
        if (tokens_after !== null) expect(tokens_after).toBeLessThanOrEqual(64);
        if (fate === "shortened") expect(tokens_after!).toBeLessThan(tokens_before!);
      }
    }),
    { numRuns: 6, seed: 1 },
  );
});
