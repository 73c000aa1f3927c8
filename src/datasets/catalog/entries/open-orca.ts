import type { HubDataset } from "../hub-entry.ts";

export const openOrca: HubDataset = {
  id: "open-orca",
  title: "OpenOrca",
  description: "FLAN prompts with answers by GPT-3.5 and GPT-4 (here those by GPT-4)",
  license: "MIT",
  repo: "Open-Orca/OpenOrca",
  revision: "main",
  data_files: "1M-GPT4-Augmented.parquet",
  task: "other",
  lengths: ["short"],
  rows: { instruction: "question", output: "response", system: "{{system_prompt}}", id: "id" },
};
