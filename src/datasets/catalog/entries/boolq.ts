import { documentTurns, type HubDataset, textIn } from "../hub-entry.ts";

export const boolq: HubDataset = {
  id: "boolq",
  title: "BoolQ",
  description: "Yes-or-no questions that people asked a search engine, each with a passage of Wikipedia",
  license: "CC-BY-SA-3.0",
  repo: "google/boolq",
  revision: "main",
  task: "qa",
  lengths: ["short"],
  rows: (row) => {
    const answer = row.answer === true ? "Yes" : "No";
    return documentTurns(`Question: ${textIn(row, "question")}?`, textIn(row, "passage"), answer, {
      answers: [answer],
    });
  },
};
