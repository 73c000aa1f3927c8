import type { HubDataset } from "../hub-entry.ts";

export const billsum: HubDataset = {
  id: "billsum",
  title: "BillSum",
  description: "Bills of the US Congress with summaries by the Congressional Research Service",
  license: "CC0-1.0",
  repo: "FiscalNote/billsum",
  revision: "main",
  task: "summarization",
  lengths: ["short", "long"],
  rows: { prompt: "{{text}}\n\nSummarize this bill.", response: "{{summary}}", context: "text" },
};
