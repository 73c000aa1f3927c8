import type { HubDataset } from "../hub-entry.ts";

export const alpaca: HubDataset = {
  id: "alpaca",
  title: "Stanford Alpaca",
  description: "52k instructions with answers by text-davinci-003",
  license: "CC-BY-NC-4.0",
  repo: "tatsu-lab/alpaca",
  revision: "main",
  task: "other",
  lengths: ["short"],
  rows: { instruction: "instruction", input: "input", output: "output" },
};
