import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { watchDocumentColumns } from "../../../../src/datasets/rows/mapping/document-columns.ts";
import { runDataStage } from "../../../../src/datasets/stage/stage.ts";

type Row = Record<string, string | number>;

function foundIn(rows: readonly Row[], documentOf: (row: Row, i: number) => string = (_, i) => `text ${i}`) {
  const columns = watchDocumentColumns();
  for (const [i, row] of rows.entries()) columns.add(row, Object.keys(row), documentOf(row, i));
  return columns.found();
}

const rows = Array.from({ length: 40 }, (_, i) => ({ doc: `d${i % 8}`, source: "books", url: `u${i}` }));

describe("a column that tells documents", () => {
  it("has few values and many rows of each; one value, or one a row, tells nothing", () => {
    expect(foundIn(rows)).toEqual({ column: "doc", values: 8, rows: 40 });
    expect(foundIn(rows.map(({ source, url }) => ({ source, url })))).toBe(null);
  });

  it("is one by its name, and in every row", () => {
    expect(foundIn(rows.map(({ doc }) => ({ level: doc })))).toBe(null);
    expect(foundIn([...rows, { source: "books" }])).toBe(null);
    expect(
      foundIn(rows.map(({ doc }, i) => ({ document_id: Number(doc.slice(1)), source: `s${i % 2}` }))),
    ).toEqual({
      column: "document_id",
      values: 8,
      rows: 40,
    });
  });

  it("is of no use where the texts tell the documents as well", () => {
    expect(foundIn(rows, ({ doc }) => String(doc))).toBe(null);
  });
});

it("is told with the dataset, once, and not where it is read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zebratune-documents-"));
  const path = join(folder, "rows.jsonl");
  const lines = rows.map(({ doc }, i) => ({
    doc,
    level: i,
    instruction: `What is ${i}?`,
    output: `It is ${i}.`,
  }));
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  const told = async (fields?: Record<string, string>) => {
    const warnings: string[] = [];
    await runDataStage(
      {
        runDir: folder,
        emit: (event) => event.type === "warning" && warnings.push(event.message),
        stop: { stopped: false },
      },
      {
        data: {
          split: { validation: 0, test: 0 },
          datasets: [{ name: "rows", path, license: "CC0-1.0", ...(fields && { fields }) }],
        },
        seed: 1,
      },
    );
    return warnings.filter((message) => /doc has|columns not used/.test(message));
  };
  expect(await told()).toEqual([
    "rows: columns not used: level", // and not doc as well
    expect.stringMatching(/^rows: doc has 8 values in 40 rows and is not used\. .*`fields\.document: doc`/),
  ]);
  const fields = { instruction: "instruction", output: "output" };
  expect(await told(fields)).toHaveLength(2);
  expect(await told({ ...fields, document: "doc" })).toEqual(["rows: columns not used: level"]);
});
