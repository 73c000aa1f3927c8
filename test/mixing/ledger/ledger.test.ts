import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { LedgerRow } from "../../../src/contracts/example.ts";
import { createLedger } from "../../../src/mixing/ledger/ledger.ts";

const dir = mkdtempSync(join(tmpdir(), "zebratune-ledger-"));
afterAll(() => rmSync(dir, { recursive: true }));

const row = (id: string, reason: string): LedgerRow => ({
  dataset: "notes",
  row: 1,
  id,
  fate: reason === "" ? "kept" : "dropped",
  stage: "mix",
  reason,
  detail: `about ${id}`,
  tokens_before: 5,
  tokens_after: reason === "" ? 5 : 0,
  file: "",
});

it("counts the rows of each reason and keeps the first of them, however they are added", async () => {
  {
    await using ledger = await createLedger(dir);
    await ledger.add([row("a", "over_length"), row("b", ""), row("c", "over_length")]);
    await ledger.add([]);
    await ledger.add([row("d", "chat_template"), row("e", "over_length")]);
    expect(ledger.rows).toBe(5);
    expect(Object.fromEntries(ledger.reasons())).toEqual({
      over_length: { count: 3, first: row("a", "over_length") },
      chat_template: { count: 1, first: row("d", "chat_template") },
    });
  }
  // Its table on disk goes with it.
  expect(readdirSync(dir)).toEqual([]);
});
