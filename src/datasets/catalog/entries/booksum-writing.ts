import type { HubDataset } from "../hub-entry.ts";

export const booksumWriting: HubDataset = {
  id: "booksum-writing",
  title: "BookSum chapters, written from their summaries",
  description: "BookSum the other way round: the summary is given, the chapter is to be written",
  license: "LicenseRef-BookSum-Research-Only",
  repo: "kmfoda/booksum",
  revision: "main",
  task: "writing",
  lengths: ["long"],
  rows: {
    prompt: "Write a chapter of a novel in which this happens:\n\n{{summary_text}}",
    response: "{{chapter}}",
    document: "bid",
  },
};
