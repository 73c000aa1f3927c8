import type { HubDataset } from "../hub-entry.ts";

export const slimOrca: HubDataset = {
  id: "slim-orca",
  title: "SlimOrca",
  description: "About 500k of OpenOrca's answers by GPT-4 that a second look found right",
  license: "MIT",
  repo: "Open-Orca/SlimOrca",
  revision: "main",
  task: "other",
  lengths: ["short"],
  rows: { messages: "conversations", role: "from", content: "value", train: "weight" },
};
