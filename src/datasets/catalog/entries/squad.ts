import type { HubDataset } from "../hub-entry.ts";

export const squad: HubDataset = {
  id: "squad",
  title: "SQuAD 1.1",
  description: "Questions by crowd workers on paragraphs of Wikipedia, answered by a span of them",
  license: "CC-BY-SA-4.0",
  repo: "rajpurkar/squad",
  revision: "main",
  task: "qa",
  lengths: ["short"],
  rows: {
    prompt: "{{context}}\n\nQuestion: {{question}}",
    response: "{{answers.text.0}}",
    context: "context",
    answers: "answers.text",
    id: "id",
    document: "title",
  },
};
