import { stripBlanks } from "../../../jinja/functions/string-methods.ts";
import { chineseF1 } from "../longbench/chinese.ts";
import { splitBlanks } from "../python-text.ts";
import { rougeScore } from "../rouge/rouge-score.ts";
import { squadF1 } from "../squad/word-f1.ts";

/** A right answer: texts, or the numbers of the two tasks of arithmetic. */
export type InfiniteLabel = readonly (string | number)[];

type Score = (prediction: string, label: InfiniteLabel) => number;

/**
 * How ∞Bench's tasks are scored, from 0 to 1: `get_score_one` of its compute_scores.py (OpenBMB/InfiniteBench
 * 88b3daa), for models other than GPT-4. What it does by accident is kept: a single letter B is also "found"
 * in a label of that letter's option.
 */
export const infiniteBenchScores = {
  passkey: (prediction, [label]) => Number(label === firstNumber(prediction)),
  number_string: (prediction, [label]) => Number(label === firstNumber(prediction)),
  kv_retrieval: (prediction, [label]) =>
    Number(splitBlanks(blanked(prediction, "\n:\"'.,?!{}")).includes(String(label))),
  code_run(prediction, [label]) {
    const last = splitBlanks(blanked(stripBlanks(prediction, "both"), "\n.`'\":")).at(-1) ?? "";
    return Number(/^[+-]?\d+(?:_\d+)*$/.test(last) && Number(last.replaceAll("_", "")) === label);
  },
  code_debug: (prediction, label) => Number(namesOption(prediction, label)),
  math_find(prediction, [label]) {
    const found = /\d+\.\d+|\d+/.exec(prediction)?.[0];
    return Number(found !== undefined && Number(found) === label);
  },
  math_calc(prediction, label) {
    const numbers = (prediction.match(/[0-9]+/g) ?? []).map(Number);
    const wrong = label.findIndex((number, i) => number !== numbers[i]);
    return (wrong < 0 ? label.length : wrong) / label.length;
  },
  longdialogue_qa_eng: (prediction, [label]) =>
    Number(
      splitBlanks(blanked(stripBlanks(prediction, "both"), "\n:\"'.,?!{}"))
        .map((word) => word.toUpperCase())
        .includes(String(label)),
    ),
  longbook_choice_eng: (prediction, label) => Number(choosesOption(prediction, label)),
  longbook_qa_eng: (prediction, label) => best(label, (one) => squadF1(prediction, one)),
  longbook_qa_chn: (prediction, label) => best(label, (one) => chineseF1(prediction, one, Array.from)),
  longbook_sum_eng: (prediction, label) =>
    best(label, (one) => rougeScore("rougeLsum", prediction, one).fmeasure),
} as const satisfies Record<string, Score>;

export type InfiniteTask = keyof typeof infiniteBenchScores;

function best(label: InfiniteLabel, score: (one: string) => number): number {
  return Math.max(0, ...label.map((one) => score(String(one))));
}

/** The first run of ASCII digits, else "". */
function firstNumber(text: string): string {
  return /[0-9]+/.exec(text)?.[0] ?? "";
}

function blanked(text: string, characters: string): string {
  return Array.from(text, (char) => (characters.includes(char) ? " " : char)).join("");
}

/** What follows the first of some prefixes, and one character more; null where none is there. */
function behindPrefix(text: string, prefixes: readonly string[]): string | null {
  for (const prefix of prefixes) {
    const at = text.indexOf(prefix);
    if (at >= 0) return text.slice(at + prefix.length + 1);
  }
  return null;
}

/** `label`: the name of the function, and its letter. */
function namesOption(prediction: string, [name, letter]: InfiniteLabel): boolean {
  const text = stripBlanks(prediction, "both");
  if ([`${letter}.`, `${letter}:`].includes(text.slice(0, 2))) return true;
  const bare = blanked(text, "\n`'\"-*")
    .replaceAll(/Option|option/g, " ")
    .replaceAll(/ {2,}/g, " ");
  const rest = behindPrefix(bare, ["answer is:", "is:", "answer:", "correct option is:"]);
  if (rest === null || rest === "") return false;
  return rest.startsWith(String(letter)) || rest.startsWith(String(name));
}

/** `label`: the text of the right option, and its letter. */
function choosesOption(prediction: string, label: InfiniteLabel): boolean {
  const text = stripBlanks(prediction, "both");
  if (text === "") return false;
  if ("ABCD".includes(text[0]!)) return label.includes(text[0]!);
  if (label.includes(text)) return true;
  const bare = blanked(text, "\n\"'.,?!{}").replaceAll(/ {2,}/g, " ");
  const rest = behindPrefix(bare, ["answer is:", "answer:", "answer is", "option is"]);
  if (rest !== null) return rest !== "" && label.some((one) => rest.startsWith(String(one)));
  const word = splitBlanks(bare).find((one) => "ABCD".includes(one));
  return word !== undefined && label.includes(word);
}
