import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { Row } from "../../task-config.ts";
import type { KnownFunction } from "../helper.ts";
import { columnOf, textOf, textsOf } from "../row.ts";

const letters = "ABCDEFGHIJ";

function question(row: Row, hasAnswer: boolean): string {
  const options = textsOf(row, "options").slice(0, letters.length);
  const lines = options.map((option, i) => `${letters[i]}. ${stripBlanks(option, "both")}\n`);
  const asked = `Question:\n${textOf(row, "question")}\nOptions:\n${lines.join("")}`;
  if (!hasAnswer) return `${asked}Answer: Let's think step by step.`;
  const thoughts = textOf(row, "cot_content");
  return `${asked}${thoughts.replaceAll("A: Let's think step by step.", "Answer: Let's think step by step.")}\n\n`;
}

export const mmluPro: readonly KnownFunction[] = [
  {
    standsFor: "mmlu_pro/utils.process_docs",
    hashes: ["0e6e3fbd75352b2a1a2a1acd9d260dcb"],
    make({ subject }) {
      if (typeof subject !== "string") return undefined;
      const ofRows = (rows: readonly Row[]) => rows.filter((row) => columnOf(row, "category") === subject);
      return { rows: { standsFor: `mmlu_pro/utils.process_docs(subject=${subject})`, ofRows } };
    },
  },
  {
    standsFor: "mmlu_pro/utils.format_cot_example",
    hashes: ["ba1fe2eb572cb111ff94a20fa1d70ee0"],
    make: ({ including_answer: hasAnswer = true }) => ({
      row: {
        standsFor: "mmlu_pro/utils.format_cot_example",
        ofRow: (row) => question(row, hasAnswer !== false),
      },
    }),
  },
  {
    standsFor: "mmlu_pro/utils.format_cot_target",
    hashes: ["bee3cf6ab49e2df1b864457c518cffa3"],
    make: () => ({
      row: {
        standsFor: "mmlu_pro/utils.format_cot_target",
        ofRow: (row) => textOf(row, "cot_content").replaceAll("A: Let's think step by step. ", ""),
      },
    }),
  },
];
