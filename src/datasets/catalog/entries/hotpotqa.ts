import { type HubDataset, listIn, paragraphTurns, textIn } from "../hub-entry.ts";

export const hotpotqa: HubDataset = {
  id: "hotpotqa",
  title: "HotpotQA, distractor setting",
  description: "Questions that need two paragraphs of Wikipedia, among eight that distract",
  license: "CC-BY-SA-4.0",
  repo: "hotpotqa/hotpot_qa",
  revision: "refs/convert/parquet",
  data_files: "distractor/train/*.parquet",
  task: "qa",
  lengths: ["short", "long"],
  rows: (row) => {
    const titles = listIn(row, "context.title");
    const facts = listIn(row, "supporting_facts.title");
    const paragraphs = listIn(row, "context.sentences").map((sentences, i) => ({
      text: `${titles[i]}\n${(sentences as unknown[]).join("").trim()}`,
      supports: facts.includes(titles[i]),
    }));
    const answer = textIn(row, "answer");
    const about = { id: textIn(row, "id"), answers: [answer] };
    return paragraphTurns(`Question: ${textIn(row, "question")}`, paragraphs, answer, about);
  },
};
