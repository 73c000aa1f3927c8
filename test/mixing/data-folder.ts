import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultsOf } from "../../src/ajv.ts";
import type { Example, Message, Split } from "../../src/contracts/example.ts";
import { mixSchema } from "../../src/contracts/recipe/mix.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import {
  exampleColumns,
  exampleRow,
  ledgerColumns,
  ledgerRow,
} from "../../src/datasets/folder/example-columns.ts";
import { createTableWriter } from "../../src/tables/part-writer.ts";
import { createTable } from "../../src/tables/table.ts";

export const mixSpec: MixSpec = {
  ...defaultsOf(mixSchema),
  max_seq_tokens: 256,
  max_epochs: 1,
  validation_tokens: 0,
};

interface Parts {
  dataset?: string;
  split?: Split;
  document?: string;
  messages?: Message[];
  context?: Example["context"];
}

let rows = 0;

/** A canonical example; what is not given is a short question of its own document. */
export function exampleOf({
  dataset = "notes",
  split = "train",
  document,
  messages,
  context,
}: Parts = {}): Example {
  const row = rows++;
  return {
    id: `${dataset}/${row}`,
    task: "qa",
    split,
    messages: messages ?? [
      { role: "user", content: `What is number ${row}?` },
      { role: "assistant", content: `It is ${row * 7}.` },
    ],
    ...(context ? { context } : {}),
    source: { dataset, revision: "1", license: "CC0-1.0", row, document: document ?? `doc ${row}` },
    meta: {},
  };
}

/** A question about a document that may be shortened. */
export function readingOf(document: string, parts: Parts = {}): Example {
  const before = "Read this.\n\n";
  return exampleOf({
    ...parts,
    messages: [
      { role: "user", content: `${before}${document}\n\nWho is it about?` },
      { role: "assistant", content: "About the old captain." },
    ],
    context: [{ message: 0, start: before.length, end: before.length + document.length }],
  });
}

/** A data folder as the data stage leaves it, as far as the mix reads it. */
export async function writeDataFolder(dir: string, examples: readonly Example[]): Promise<string> {
  mkdirSync(dir, { recursive: true });
  await using writer = createTableWriter();
  const datasets = [];
  for (const [name, own] of Map.groupBy(examples, ({ source }) => source.dataset)) {
    const file = `${name}.parquet`;
    await using table = await createTable(dir, exampleColumns, writer);
    for (const example of own) table.append(exampleRow(example), 1000);
    await table.writeParquet(join(dir, file));
    datasets.push({ name, file });
  }
  await using ledger = await createTable(dir, ledgerColumns, writer);
  for (const { id, source } of examples) {
    const { dataset, row, file = "" } = source;
    const fate = { fate: "kept", stage: "data", reason: "", detail: "" } as const;
    const place = { dataset, row, id, file };
    await ledger.append(ledgerRow({ ...place, ...fate, tokens_before: null, tokens_after: null }), 200);
  }
  await ledger.writeParquet(join(dir, "ledger.parquet"));
  writeFileSync(join(dir, "manifest.json"), JSON.stringify({ version: 1, datasets }));
  return dir;
}
