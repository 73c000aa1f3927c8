import { expect, it } from "vitest";
import { rowDocuments } from "../../../src/eval/tasks/results/row-documents.ts";

it("rows with the same passage are about one document, whatever its column is called", () => {
  const [first, second] = ["a passage ".repeat(20), "another one ".repeat(20)];
  const rows = [
    { doc_id: 0, doc: { question: "Who?", passage: first } },
    { doc_id: 1, doc: { question: "Where?", passage: second } },
    { doc_id: 2, doc: { question: "When?", passage: first } },
    // The same short question is no document.
    { doc_id: 3, doc: { question: "Who?" } },
    { doc_id: 4, doc: { question: "Who?" } },
  ];
  // A row is there once for each filter.
  const documents = rowDocuments([...rows, ...rows]);
  expect(documents).toEqual([
    documents[2],
    undefined,
    expect.stringMatching(/^\w{16}$/),
    undefined,
    undefined,
  ]);
});
