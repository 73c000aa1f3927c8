import type { HubDataset } from "../hub-entry.ts";

export const dialogsum: HubDataset = {
  id: "dialogsum",
  title: "DialogSum",
  description: "Spoken dialogues with summaries by annotators",
  license: "CC-BY-NC-SA-4.0",
  repo: "knkarthick/dialogsum",
  revision: "main",
  task: "summarization",
  lengths: ["short"],
  rows: {
    prompt: "{{dialogue}}\n\nSummarize this dialogue.",
    response: "{{summary}}",
    context: "dialogue",
    id: "id",
  },
};
