import type { HubDataset } from "../hub-entry.ts";

export const xsum: HubDataset = {
  id: "xsum",
  title: "XSum",
  description:
    "BBC articles with their first sentence as a summary of one line; the articles are the BBC's and " +
    "no licence is stated",
  license: "unknown",
  repo: "EdinburghNLP/xsum",
  revision: "refs/convert/parquet",
  data_files: "default/train/*.parquet",
  task: "summarization",
  lengths: ["short"],
  rows: {
    prompt: "{{document}}\n\nSummarize this article in one sentence.",
    response: "{{summary}}",
    context: "document",
    id: "id",
  },
};
