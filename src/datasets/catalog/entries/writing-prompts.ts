import type { HubDataset } from "../hub-entry.ts";

export const writingPrompts: HubDataset = {
  id: "writing-prompts",
  title: "WritingPrompts",
  description:
    "Stories that people wrote to prompts on Reddit. The card says MIT; the rights of the writers " +
    "were not cleared by anyone we know",
  license: "MIT",
  repo: "euclaise/writingprompts",
  revision: "main",
  task: "writing",
  lengths: ["short", "long"],
  rows: { prompt: "Write a story to this prompt.\n\n{{prompt}}", response: "{{story}}" },
};
