import type { HubDataset } from "../hub-entry.ts";

export const longwriter6k: HubDataset = {
  id: "longwriter-6k",
  title: "LongWriter 6k",
  description: "6k instructions with answers of 2k to 32k words by models; English and Chinese",
  license: "Apache-2.0",
  repo: "THUDM/LongWriter-6k",
  revision: "main",
  data_files: "long.jsonl",
  task: "writing",
  lengths: ["long"],
  rows: { messages: "messages" },
};
