import type { HubDataset } from "../hub-entry.ts";

export const longalpaca12k: HubDataset = {
  id: "longalpaca-12k",
  title: "LongAlpaca 12k",
  description: "9k questions on long papers and books, answered by a model, and 3k short ones of Alpaca",
  license: "CC-BY-NC-4.0",
  repo: "Yukang/LongAlpaca-12k",
  revision: "main",
  data_files: "LongAlpaca-12k.json",
  task: "other",
  lengths: ["short", "long"],
  rows: { instruction: "instruction", output: "output" },
};
