import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import { createLedger } from "../../src/mixing/ledger/ledger.ts";
import { nothingToTrainOn } from "../../src/mixing/nothing-to-train-on.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-nothing-"));
});
afterAll(() => rm(root, { recursive: true }));

test("rows that the data stage dropped are told with their reasons; held-out documents were blamed", async () => {
  const path = join(root, "rows.jsonl");
  const turn = (role: string, content: string) => ({ role, content });
  const rows = [
    [turn("user", "a"), turn("user", "b"), turn("assistant", "c")],
    [turn("user", "a"), turn("assistant", " ")],
    [turn("user", "a"), turn("assistant", "")],
  ];
  await writeFile(path, rows.map((messages) => JSON.stringify({ messages })).join("\n"));
  const data = { datasets: [{ name: "d", path }], split: { validation: 0, test: 0 } };
  await runDataStage({ runDir: root, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
  await using ledger = await createLedger(root);
  const { message } = await nothingToTrainOn(join(root, "data"), ledger);
  expect(message).toBe(
    `${join(root, "data")}: expected train examples, got none: the data stage dropped all 3 rows. ` +
      "2 empty_answer, first d/2: turn 2 (assistant) is blank; 1 role_order, first d/1: turn 2 is user after user.",
  );
});
