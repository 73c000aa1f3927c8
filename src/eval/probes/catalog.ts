import { codedWords } from "./constructions/coded-words.ts";
import { commonWords } from "./constructions/common-words.ts";
import { documentQuestions } from "./constructions/documents.ts";
import { type Needles, needleTask } from "./constructions/needles.ts";
import { variableTracking } from "./constructions/variables.ts";
import { shippedHay, shippedWords, type TextHay } from "./hay.ts";
import type { Construction } from "./probe.ts";
import { factbookQuestions } from "./questions/factbook.ts";
import { hotpotQuestions, squadQuestions } from "./questions/question-files.ts";
import type { QuestionSet } from "./questions/question-set.ts";

const one = { hidden: 1, valuesEach: 1, asked: 1 } as const;

/** The eight tasks with needles, as RULER's synthetic.yaml has them. */
const needleTasks = {
  niah_single_1: { ...one, hay: "noise", keys: "words", values: "numbers" },
  niah_single_2: { ...one, hay: "text", keys: "words", values: "numbers" },
  niah_single_3: { ...one, hay: "text", keys: "words", values: "uuids" },
  niah_multikey_1: { ...one, hidden: 4, hay: "text", keys: "words", values: "numbers" },
  niah_multikey_2: { ...one, hay: "needles", keys: "words", values: "numbers" },
  niah_multikey_3: { ...one, hay: "needles", keys: "uuids", values: "uuids" },
  niah_multivalue: { ...one, valuesEach: 4, hay: "text", keys: "words", values: "numbers" },
  niah_multiquery: { ...one, hidden: 4, asked: 4, hay: "text", keys: "words", values: "numbers" },
} as const satisfies Record<string, Needles>;

/** The thirteen tasks, by RULER's names. */
export const probeTasks = [
  ...(Object.keys(needleTasks) as (keyof typeof needleTasks)[]),
  "vt",
  "cwe",
  "fwe",
  "qa_1",
  "qa_2",
] as const;
export type ProbeTask = (typeof probeTasks)[number];

/** What the questions of `qa_1` and `qa_2` are read from: SQuAD's and HotpotQA's JSON; else what ships. */
export interface QuestionPaths {
  squad?: string | undefined;
  hotpotqa?: string | undefined;
}

/** Opens the tasks that are asked for, and reads only what they need. */
export async function openTasks(
  names: readonly ProbeTask[],
  paths: QuestionPaths,
): Promise<Map<ProbeTask, Construction>> {
  const isNeedle = (name: ProbeTask): name is keyof typeof needleTasks => Object.hasOwn(needleTasks, name);
  const hay: TextHay | undefined = names.some(isNeedle) ? await shippedHay() : undefined;
  const words = names.includes("cwe") ? await shippedWords() : [];
  const [single, double] = await questionSets(names, paths);
  return new Map(
    names.map((name): [ProbeTask, Construction] => {
      if (isNeedle(name)) return [name, needleTask(needleTasks[name], hay!)];
      if (name === "vt") return [name, variableTracking];
      if (name === "cwe") return [name, commonWords(words)];
      if (name === "fwe") return [name, codedWords];
      return [name, documentQuestions(name === "qa_1" ? single! : double!)];
    }),
  );
}

async function questionSets(
  names: readonly ProbeTask[],
  { squad, hotpotqa }: QuestionPaths,
): Promise<(QuestionSet | undefined)[]> {
  const isShipped =
    (names.includes("qa_1") && squad === undefined) || (names.includes("qa_2") && hotpotqa === undefined);
  const shipped = isShipped ? await factbookQuestions() : undefined;
  return [
    squad === undefined || !names.includes("qa_1") ? shipped?.single : await squadQuestions(squad),
    hotpotqa === undefined || !names.includes("qa_2") ? shipped?.double : await hotpotQuestions(hotpotqa),
  ];
}
