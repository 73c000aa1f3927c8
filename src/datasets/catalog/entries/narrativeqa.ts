import type { JsonObject } from "../../files/json-rows.ts";
import { documentTurns, type HubDataset, listIn, textIn } from "../hub-entry.ts";

export const narrativeqa: HubDataset = {
  id: "narrativeqa",
  title: "NarrativeQA",
  description: "Questions on whole books and film scripts, written from summaries; answers in free text",
  license: "Apache-2.0",
  repo: "deepmind/narrativeqa",
  revision: "main",
  task: "qa",
  lengths: ["long"],
  rows: (row) => {
    const answers = listIn(row, "answers").map((answer) => textIn(answer as JsonObject, "text"));
    const about = { answers, document: textIn(row, "document.id") };
    return documentTurns(textIn(row, "question.text"), textIn(row, "document.text"), answers[0] ?? "", about);
  },
};
