import type { HubDataset } from "../hub-entry.ts";

export const booksum: HubDataset = {
  id: "booksum",
  title: "BookSum chapters",
  description:
    "Chapters of novels and plays with summaries from study guides; the code is BSD-3-Clause, the " +
    "authors allow use for research only",
  license: "LicenseRef-BookSum-Research-Only",
  repo: "kmfoda/booksum",
  revision: "main",
  task: "summarization",
  lengths: ["long"],
  rows: {
    prompt: "{{chapter}}\n\nSummarize this chapter.",
    response: "{{summary_text}}",
    context: "chapter",
    document: "bid",
  },
};
