import type { HubDataset } from "../hub-entry.ts";

export const pubmedSummarization: HubDataset = {
  id: "pubmed-summarization",
  title: "PubMed summarization",
  description:
    "Papers of PubMed with their abstracts; the rights are those of each paper, and no licence is stated",
  license: "unknown",
  repo: "ccdv/pubmed-summarization",
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
