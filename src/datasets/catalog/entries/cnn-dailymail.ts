import type { HubDataset } from "../hub-entry.ts";

export const cnnDailymail: HubDataset = {
  id: "cnn-dailymail",
  title: "CNN/DailyMail 3.0.0",
  description: "News articles with the highlights that their editors wrote",
  license: "Apache-2.0",
  repo: "abisee/cnn_dailymail",
  revision: "main",
  config: "3.0.0",
  task: "summarization",
  lengths: ["short"],
  rows: {
    prompt: "{{article}}\n\nSummarize this article in a few sentences.",
    response: "{{highlights}}",
    context: "article",
    id: "id",
  },
};
