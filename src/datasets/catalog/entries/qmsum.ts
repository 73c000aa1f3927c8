import { documentTurns, type HubDataset, textIn } from "../hub-entry.ts";

export const qmsum: HubDataset = {
  id: "qmsum",
  title: "QMSum",
  description:
    "Transcripts of meetings with queries and answers to them, in SCROLLS' form; the original is " +
    "MIT, SCROLLS states none",
  license: "unknown",
  repo: "tau/scrolls",
  revision: "refs/convert/parquet",
  data_files: "qmsum/train/*.parquet",
  task: "summarization",
  lengths: ["long"],
  rows: (row) => {
    // SCROLLS puts the query before the document, an empty line between.
    const input = textIn(row, "input");
    const at = input.indexOf("\n\n");
    const [query, document] = at < 0 ? [input, ""] : [input.slice(0, at).trim(), input.slice(at + 2)];
    const answer = textIn(row, "output");
    return documentTurns(query, document, answer, { id: textIn(row, "pid"), answers: [answer] });
  },
};
