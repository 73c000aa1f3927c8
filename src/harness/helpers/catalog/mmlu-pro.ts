import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import type { ProcessDocs, Row } from "../../task-config.ts";
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

function rowsOfSubject(subject: string): ProcessDocs {
  const ofRows = (rows: readonly Row[]) => rows.filter((row) => columnOf(row, "category") === subject);
  return { standsFor: `mmlu_pro/utils.process_docs(subject=${subject})`, ofRows };
}

const subjects = [
  "biology",
  "business",
  "chemistry",
  "computer science",
  "economics",
  "engineering",
  "health",
  "history",
  "law",
  "math",
  "other",
  "philosophy",
  "physics",
  "psychology",
];

/** `process_biology` and the others, which upstream makes of process_docs: for task files that ship. */
const bySubject: readonly KnownFunction[] = subjects.map((subject) => ({
  standsFor: `mmlu_pro/utils.process_${subject.replaceAll(" ", "_")}`,
  hashes: [],
  make: () => ({ rows: rowsOfSubject(subject) }),
}));

export const mmluPro: readonly KnownFunction[] = [
  ...bySubject,
  {
    standsFor: "mmlu_pro/utils.process_docs",
    hashes: ["0e6e3fbd75352b2a1a2a1acd9d260dcb"],
    make: ({ subject }) => (typeof subject === "string" ? { rows: rowsOfSubject(subject) } : undefined),
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
