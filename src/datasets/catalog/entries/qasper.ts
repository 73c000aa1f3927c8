import type { JsonObject } from "../../files/json-rows.ts";
import { documentTurns, type HubDataset, listIn, textIn } from "../hub-entry.ts";

export const qasper: HubDataset = {
  id: "qasper",
  title: "Qasper",
  description: "Questions of NLP practitioners on papers, asked before reading and answered by others",
  license: "CC-BY-4.0",
  repo: "allenai/qasper",
  revision: "refs/convert/parquet",
  data_files: "qasper/train/*.parquet",
  task: "qa",
  lengths: ["long"],
  rows: (row) => {
    const names = listIn(row, "full_text.section_name");
    const sections = listIn(row, "full_text.paragraphs").map((paragraphs, i) =>
      [names[i], ...(paragraphs as unknown[])].filter((text) => typeof text === "string").join("\n"),
    );
    const paper = [textIn(row, "title"), textIn(row, "abstract"), ...sections].join("\n\n");
    const ids = listIn(row, "qas.question_id");
    return listIn(row, "qas.question").map((question, i) => {
      const answers = listIn(row, `qas.answers.${i}.answer`).map((answer) => answerOf(answer as JsonObject));
      const about = { id: String(ids[i] ?? i), document: textIn(row, "id"), answers: [...new Set(answers)] };
      return documentTurns(String(question), paper, answers[0] ?? "", about);
    });
  },
};

/** As the paper's scorer reads an annotation: its spans, else its free answer, else yes or no. */
function answerOf(answer: JsonObject): string {
  if (answer.unanswerable === true) return "Unanswerable";
  const spans = listIn(answer, "extractive_spans");
  if (spans.length > 0) return spans.join(", ");
  const free = textIn(answer, "free_form_answer");
  if (free !== "") return free;
  return answer.yes_no === true ? "Yes" : "No";
}
