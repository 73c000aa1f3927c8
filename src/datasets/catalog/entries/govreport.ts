import type { HubDataset } from "../hub-entry.ts";

export const govreport: HubDataset = {
  id: "govreport",
  title: "GovReport",
  description:
    "Reports of the US Government Accountability Office and the Congressional Research Service with " +
    "their own summaries; the Hub repository states no licence",
  license: "unknown",
  repo: "ccdv/govreport-summarization",
  revision: "refs/convert/parquet",
  data_files: "document/train/*.parquet",
  task: "summarization",
  lengths: ["long"],
  rows: {
    prompt: "{{report}}\n\nWrite the executive summary of this report.",
    response: "{{summary}}",
    context: "report",
  },
};
