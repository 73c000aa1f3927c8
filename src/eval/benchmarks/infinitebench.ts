import { DataError } from "../../errors.ts";
import {
  type InfiniteLabel,
  type InfiniteTask,
  infiniteBenchScores,
} from "../../harness/text-metrics/long-context/infinite-bench.ts";
import { defineBenchmark, rising } from "../benchmark.ts";
import { type LongQuestion, longItems } from "../long-tasks/row-items.ts";
import { type RowOptions, rowOptions, type TaskRow, taskRows, textAt } from "../long-tasks/row-options.ts";

/** ∞Bench's lengths of answers, but for math_calc, which has 30,000 there. */
const maxNewTokens: Readonly<Record<InfiniteTask, number>> = {
  ...{ passkey: 6, number_string: 12, kv_retrieval: 50, code_run: 5, code_debug: 5, math_find: 3 },
  ...{ longdialogue_qa_eng: 40, longbook_choice_eng: 40, longbook_qa_eng: 40, longbook_qa_chn: 40 },
  ...{ longbook_sum_eng: 1200, math_calc: 2048 },
};
const withOptions: readonly string[] = ["code_debug", "longbook_choice_eng"] satisfies InfiniteTask[];

/**
 * ∞Bench-style: rows of ∞Bench's form (arXiv 2402.13718; `context`, `input`, `answer`, `options`), files
 * named after its tasks, scored as its compute_scores.py scores. Prompts are our own, so numbers are not
 * ∞Bench's.
 */
export const infinitebench = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "score", name: "score" },
  metrics: rising("score"),
  options: rowOptions("passkey.jsonl, kv_retrieval.jsonl …"),
  items: (environment, options) => longItems(environment, questions(options)),
});

async function* questions(options: RowOptions): AsyncGenerator<LongQuestion> {
  const isKnown = (file: string): file is InfiniteTask => Object.hasOwn(infiniteBenchScores, file);
  for await (const given of taskRows("infinitebench", options, isKnown)) {
    const { file, at } = given;
    const task = file as InfiniteTask;
    const label = labelOf(given);
    const question = textAt(given, "input");
    const chosen = withOptions.includes(task) ? optionsOf(given) : [];
    const choices = chosen.map((option, i) => `\n${"ABCD"[i]}. ${option}`).join("");
    const wanted = choices === "" ? "Answer as shortly as you can." : "Answer with the letter alone.";
    yield {
      id: `${file}/${at}`,
      before: "",
      document: textAt(given, "context"),
      after: `\n\n${question === "" ? "Summarize this text." : `${question}${choices}\n${wanted}`}`,
      maxNewTokens: maxNewTokens[task],
      target: label.join(" | "),
      slices: [file],
      score: (prediction) => ({ score: infiniteBenchScores[task](prediction, label) }),
    };
  }
}

function optionsOf({ row, where }: TaskRow): string[] {
  const { options } = row;
  if (Array.isArray(options) && options.length === 4 && options.every((one) => typeof one === "string"))
    return options;
  throw new DataError(`${where}: expected options as four texts, got ${JSON.stringify(options) ?? "none"}`);
}

/** The answers of a row; where there are options, the right one's text and letter. */
function labelOf(given: TaskRow): InfiniteLabel {
  const { row, where, file } = given;
  const answers = [row.answer].flat(2);
  const isLabel = (one: unknown) => typeof one === "string" || typeof one === "number";
  if (answers.length === 0 || !answers.every(isLabel))
    throw new DataError(`${where}: expected answer as texts or numbers, got ${JSON.stringify(row.answer)}`);
  const label = answers as (string | number)[];
  if (!withOptions.includes(file) || label.length === 2) return label;
  const place = optionsOf(given).indexOf(String(label[0]));
  if (place >= 0) return [label[0]!, "ABCD"[place]!];
  throw new DataError(`${where}: expected answer among options, got ${JSON.stringify(label[0])}`);
}
