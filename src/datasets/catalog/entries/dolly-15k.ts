import type { HubDataset } from "../hub-entry.ts";

export const dolly15k: HubDataset = {
  id: "dolly-15k",
  title: "Databricks Dolly 15k",
  description:
    "15k instructions and answers written by Databricks employees, some about a passage of Wikipedia",
  license: "CC-BY-SA-3.0",
  repo: "databricks/databricks-dolly-15k",
  revision: "main",
  task: "other",
  lengths: ["short"],
  rows: { instruction: "instruction", input: "context", output: "response" },
};
