import { describe, expect, it } from "vitest";
import { watchDocumentColumns } from "../../../../src/datasets/rows/mapping/document-columns.ts";

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
