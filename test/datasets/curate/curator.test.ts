import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { defaultsOf } from "../../../src/ajv.ts";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { LedgerRow } from "../../../src/contracts/example.ts";
import { decontaminateSchema, nearDuplicatesSchema } from "../../../src/contracts/recipe/curate.ts";
import type { CurateSpec } from "../../../src/contracts/recipe.ts";
import { countExamples, readDataManifest } from "../../../src/datasets/folder/data-folder.ts";
import { whyOf } from "../../../src/datasets/folder/why.ts";
import { splitOf } from "../../../src/datasets/split.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";
import { runZebra } from "../../cli/spawn.ts";
import { wordsOf } from "./examples.ts";

let root: string;
let runs = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-curate-"));
});
afterAll(() => rm(root, { recursive: true }));

const split = { validation: 0.04, test: 0.06 };
const everything: CurateSpec = {
  pii: ["mail"],
  filters: [{ name: "refusal" }, { name: "length", options: { min_answer_chars: 2 } }],
  decontaminate: defaultsOf(decontaminateSchema),
  exact_duplicates: true,
  near_duplicates: defaultsOf(nearDuplicatesSchema),
};

async function run(files: Record<string, string>, curate = everything) {
  const runDir = join(root, `run${runs++}`);
  const datasets = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, `${name}.jsonl`);
    await writeFile(path, text);
    datasets.push({ name, path, format: "messages" as const, license: "CC0-1.0" });
  }
  const events: RunEvent[] = [];
  const ctx = { runDir, emit: (event: RunEvent) => events.push(event), stop: { stopped: false } };
  await runDataStage(ctx, { data: { datasets, split, curate }, seed: 1 });
  const ledger: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(runDir, "data", "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) ledger.push(row as unknown as LedgerRow);
  const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  return { runDir, ledger, warnings, manifest: readDataManifest(join(runDir, "data")) };
}

/** A document id of a split, the same every time. */
function documentIn(wanted: string, n = 0): string {
  const document = `doc ${n}`;
  return splitOf(document, split) === wanted ? document : documentIn(wanted, n + 1);
}

function row(id: string, question: string, answer: string, document?: string): string {
  const messages = [
    { role: "user", content: question },
    { role: "assistant", content: answer },
  ];
  return `${JSON.stringify({ id, messages, ...(document === undefined ? {} : { document }) })}\n`;
}

test("what a source says is said once, however often it is read: decontamination reads it, too", async () => {
  const odd = JSON.stringify({ question: "What?", answer: "That.", mood: "calm" }).slice(1, -1);
  const rows = row("a", "What?", "That.").replace("}\n", `, ${odd}}\n`);
  const { warnings } = await run({ odd: rows });
  expect(warnings).toEqual(["odd: columns not used: answer, mood, question"]);
});

describe("a messy file through every step", () => {
  const story = wordsOf("story", 120);
  const held = wordsOf("held", 40).join(" ");
  let made: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    const [train, test] = [documentIn("train"), documentIn("test")];
    made = await run({
      one: [
        row("story", "Tell me a story.", story.join(" "), train),
        row("again", "tell me  a story.", story.join(" "), train),
        row("edited", "Tell me a story.", story.with(60, "changed").join(" "), train),
        row("mail", "Whom do I ask?", "Ask ann@mail.example.", train),
        row("sorry", "How?", "I'm sorry, but I cannot help with that.", train),
        row("short", "Yes or no?", "Y", train),
        row("leak", `It is known: ${held}`, "So it is.", train),
        "{broken\n",
        row("held", held, "Yes, held out.", test),
        row("story", "Another question?", "Another answer.", train),
      ].join(""),
      two: row("elsewhere", "Tell me a story.", story.join(" "), documentIn("train")),
    });
  });

  test("each row has its fate, and counts add up to the rows read", async () => {
    expect(made.ledger.map(({ id, fate, reason, detail }) => [id, fate, reason, detail])).toEqual([
      ["one/story", "kept", "", ""],
      ["one/again", "dropped", "exact_duplicate", "the same text as one/story"],
      ["one/edited", "dropped", "near_duplicate", expect.stringMatching(/^a near copy of one\/story \(sim/)],
      ["one/mail", "changed", "pii", "1 mail replaced"],
      ["one/sorry", "dropped", "refusal", "I'm sorry, but I cannot"],
      ["one/short", "dropped", "answer_too_short", "1 chars, min_answer_chars 2"],
      ["one/leak", "dropped", "contaminated", expect.stringMatching(/^as in one\/held: held0\w+ held1/)],
      [expect.stringMatching(/^one\/8$/), "dropped", "json_syntax", expect.any(String)],
      ["one/held", "kept", "", ""],
      ["one/story@one.jsonl:10", "changed", "duplicate_id", "the id one/story was there before"],
      ["two/elsewhere", "dropped", "exact_duplicate", "the same text as one/story"],
    ]);
    const { totals, curate } = made.manifest;
    expect(totals).toEqual({ read: 11, kept: 2, changed: 2, dropped: 7, examples: 4 });
    expect(await countExamples(join(made.runDir, "data"))).toBe(4);
    expect(curate).toEqual(everything);
  });

  test("why: the fate, the example, what it is a copy of, and near ids of an unknown one", async () => {
    const why = await whyOf(made.runDir, "one/edited");
    expect(why.fates.map(({ fate, reason }) => [fate, reason])).toEqual([["dropped", "near_duplicate"]]);
    expect(why.example).toBeNull();
    expect(why.copied?.id).toBe("one/story");
    const kept = await whyOf(made.runDir, "one/mail");
    expect(kept.example?.messages[1]?.content).toBe("Ask <EMAIL_ADDRESS>.");
    expect((await whyOf(made.runDir, "one/mial")).nearest[0]).toBe("one/mail");
    expect((await whyOf(made.runDir, "it's")).nearest.length).toBe(5);
    await expect(whyOf(root, "x")).rejects.toThrow(
      /expected a whole data folder, got no such file\. Run `zebra data`/,
    );
  });

  test("zebra data why says it at the command line; an unknown id is a usage error", async () => {
    const told = await runZebra(["data", "why", "one/edited", "--run", made.runDir]);
    expect(told.stdout.split("\n").slice(0, 5)).toEqual([
      "one/edited",
      "stage  fate     reason          tokens  from",
      "─────  ───────  ──────────────  ──────  ───────────",
      "data   dropped  near_duplicate          one.jsonl:3",
      expect.stringMatching(/^data: a near copy of one\/story \(similarity 0\.\d\d\)$/),
    ]);
    expect(told.stdout).toContain("\none/story, which was kept\nuser: Tell me a story.\nassistant: story0");
    expect(told.code).toBe(0);
    const unknown = await runZebra(["data", "why", "one/storx", "--run", made.runDir]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('got "one/storx". The nearest are:\n  one/story\n');
  });
});

it("any rows: every line has one fate, and the sums are those of the manifest", async () => {
  const line = fc.oneof(
    fc.record({ q: fc.constantFrom("a", "b", "Who is it?"), a: fc.constantFrom("", "x", "yes", "ann@b.io") }),
    fc.constant(null),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
      const text = lines.map((one) => (one === null ? "{\n" : row("same", one.q, one.a))).join("");
      const { ledger, manifest } = await run({ any: text });
      expect(ledger.map(({ row }) => row)).toEqual(lines.map((_, i) => i + 1));
      const count = (fate: string) => ledger.filter((row) => row.fate === fate).length;
      const [kept, changed, dropped] = ["kept", "changed", "dropped"].map(count);
      expect(manifest.totals).toEqual({
        read: lines.length,
        kept,
        changed,
        dropped,
        examples: kept! + changed!,
      });
    }),
    { numRuns: 6 },
  );
}, 20_000);
