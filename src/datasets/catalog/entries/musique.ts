import type { JsonObject } from "../../files/json-rows.ts";
import { type HubDataset, listIn, paragraphTurns, textIn } from "../hub-entry.ts";

export const musique: HubDataset = {
  id: "musique",
  title: "MuSiQue-Answerable",
  description: "Questions of two to four steps over twenty paragraphs of Wikipedia",
  license: "CC-BY-4.0",
  repo: "dgslibisey/MuSiQue",
  revision: "main",
  data_files: "musique_ans_v1.0_train.jsonl",
  task: "qa",
  lengths: ["short", "long"],
  rows: (row) => {
    const paragraphs = listIn(row, "paragraphs").map((paragraph) => {
      const { title, paragraph_text: text, is_supporting: supports } = paragraph as JsonObject;
      return { text: `${title}\n${text}`, supports: supports === true };
    });
    const answer = textIn(row, "answer");
    const about = { id: textIn(row, "id"), answers: [answer, ...listIn(row, "answer_aliases").map(String)] };
    return paragraphTurns(`Question: ${textIn(row, "question")}`, paragraphs, answer, about);
  },
};
