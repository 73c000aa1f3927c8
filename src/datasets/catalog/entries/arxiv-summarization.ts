import type { HubDataset } from "../hub-entry.ts";

export const arxivSummarization: HubDataset = {
  id: "arxiv-summarization",
  title: "arXiv summarization",
  description:
    "Papers of arXiv with their abstracts; the rights are those of each paper, and no licence is stated",
  license: "unknown",
  repo: "ccdv/arxiv-summarization",
  revision: "refs/convert/parquet",
  data_files: "document/train/*.parquet",
  task: "summarization",
  lengths: ["long"],
  rows: {
    prompt: "{{article}}\n\nWrite the abstract of this paper.",
    response: "{{abstract}}",
    context: "article",
  },
};
