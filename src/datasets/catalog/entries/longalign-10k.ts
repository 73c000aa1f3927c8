import type { HubDataset } from "../hub-entry.ts";

export const longalign10k: HubDataset = {
  id: "longalign-10k",
  title: "LongAlign 10k",
  description:
    "10k tasks of 8k to 64k tokens on books, papers and code, with answers by Claude 2.1; English " +
    "and Chinese. The card states no licence",
  license: "unknown",
  repo: "THUDM/LongAlign-10k",
  revision: "main",
  data_files: "long.jsonl",
  task: "qa",
  lengths: ["long"],
  rows: { messages: "messages" },
};
