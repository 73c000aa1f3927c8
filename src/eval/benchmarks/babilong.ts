import { babilongLabels, babilongScore } from "../../harness/text-metrics/long-context/babilong.ts";
import { defineBenchmark, rising } from "../benchmark.ts";
import { type LongQuestion, longItems } from "../long-tasks/row-items.ts";
import { type RowOptions, rowOptions, taskRows, textAt } from "../long-tasks/row-options.ts";

const taskName = /^(qa\d+)(?:_.*)?$/;

/**
 * BABILong-style: bAbI's questions in long texts (arXiv 2406.10149), by rows of its form (`input`,
 * `question`, `target`), files named after the task (`qa1`, `qa1_4k`), scored as it scores. The prompt is our
 * own and has no examples, so numbers are not BABILong's.
 */
export const babilong = defineBenchmark({
  defaultLimit: Number.POSITIVE_INFINITY,
  headline: { metric: "acc", name: "accuracy" },
  metrics: rising("acc"),
  options: rowOptions("qa1.jsonl … qa20.jsonl"),
  items: (environment, options) => longItems(environment, questions(options)),
});

async function* questions(options: RowOptions): AsyncGenerator<LongQuestion> {
  const taskOf = (file: string): string => taskName.exec(file)?.[1] ?? "";
  const isKnown = (file: string): boolean => Object.hasOwn(babilongLabels, taskOf(file));
  for await (const given of taskRows("babilong", options, isKnown)) {
    const { file, at } = given;
    const labels = babilongLabels[taskOf(file)]!;
    const [document, question, target] = ["input", "question", "target"].map((key) => textAt(given, key));
    yield {
      id: `${file}/${at}`,
      before: "Some sentences in the text below are facts about persons and things.\n\n",
      document: document!,
      after:
        `\n\nAnswer from these facts alone. Question: ${question}\n` +
        `The answer is one of: ${labels.join("; ")}. Say nothing else.`,
      maxNewTokens: 20,
      target: target!,
      slices: [file],
      score: (prediction) => ({ acc: babilongScore(prediction, target!, question!, labels) }),
    };
  }
}
