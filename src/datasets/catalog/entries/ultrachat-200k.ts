import type { HubDataset } from "../hub-entry.ts";

export const ultrachat200k: HubDataset = {
  id: "ultrachat-200k",
  title: "UltraChat 200k",
  description: "200k conversations of several turns by ChatGPT, filtered for Zephyr",
  license: "MIT",
  repo: "HuggingFaceH4/ultrachat_200k",
  revision: "main",
  split: "train_sft",
  task: "other",
  lengths: ["short", "long"],
  rows: { messages: "messages", id: "prompt_id" },
};
