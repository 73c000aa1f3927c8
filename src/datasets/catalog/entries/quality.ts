import { documentTurns, type HubDataset, listIn, textIn } from "../hub-entry.ts";

export const quality: HubDataset = {
  id: "quality",
  title: "QuALITY",
  description:
    "Multiple-choice questions on stories and articles of about 5,000 words that ask for reading the whole",
  license: "CC-BY-4.0",
  repo: "emozilla/quality",
  revision: "refs/convert/parquet",
  data_files: "default/train/*.parquet",
  task: "qa",
  lengths: ["long"],
  rows: (row) => {
    const choices = listIn(row, "options").map(String);
    const index = Number(row.answer);
    const answer = choices[index] ?? "";
    const question = `${textIn(row, "question")}\n${choices.map((choice) => `- ${choice}`).join("\n")}`;
    const about = { answers: [answer], meta: { choices, answer_index: index, hard: row.hard === true } };
    return documentTurns(question, textIn(row, "article"), answer, about);
  },
};
