import type { HubDataset } from "../hub-entry.ts";

export const noRobots: HubDataset = {
  id: "no-robots",
  title: "No Robots",
  description: "10k instructions and answers written by people",
  license: "CC-BY-NC-4.0",
  repo: "HuggingFaceH4/no_robots",
  revision: "main",
  task: "writing",
  lengths: ["short"],
  rows: { messages: "messages", id: "prompt_id" },
};
