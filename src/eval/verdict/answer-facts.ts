import { benchmarkNames, type Results } from "../results/results.ts";
import type { SampleLine } from "../results/samples.ts";
import { readSamples, samplesPath } from "../results/samples.ts";

/** What a model's answers to one benchmark are like, whatever their scores. */
export interface AnswerFacts {
  benchmark: string;
  model: string;
  /** Answers that were written, none that failed. */
  answers: number;
  /** Median number of words. */
  words: number;
  referenceWords: number;
  empty: number;
  /** How many were cut off at the most tokens that the benchmark lets an answer have. */
  cut: number;
  /** How many think before they answer. */
  thinking: number;
  /** The answer that is given most often. */
  commonest: { text: string; count: number };
}

/** Facts of every benchmark that has written answers, by model. */
export async function readAnswerFacts(evalDir: string, results: Results): Promise<AnswerFacts[]> {
  const facts: AnswerFacts[] = [];
  for (const benchmark of benchmarkNames(results)) {
    for (const { label: model } of results.models) {
      const { lines } = await readSamples(samplesPath(evalDir, model, benchmark));
      const found = answerFacts(lines);
      if (found) facts.push({ benchmark, model, ...found });
    }
  }
  return facts;
}

/** Undefined where nothing was written: likelihoods have no answers. */
export function answerFacts(
  lines: readonly SampleLine[],
): Omit<AnswerFacts, "benchmark" | "model"> | undefined {
  const written = lines.flatMap((line) => ("error" in line || line.target === "" ? [] : [line]));
  if (written.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { prediction } of written) counts.set(prediction, (counts.get(prediction) ?? 0) + 1);
  const [text, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const isWritten = (line: { prediction: string }): boolean => line.prediction.trim() !== "";
  return {
    answers: written.length,
    words: median(written.map(({ prediction }) => wordCount(prediction))),
    referenceWords: median(written.map(({ target }) => wordCount(target))),
    empty: written.filter((line) => !isWritten(line)).length,
    cut: written.filter(({ isCut }) => isCut === true).length,
    thinking: written.filter(({ prediction }) => /^\s*<think>/.test(prediction)).length,
    commonest: { text, count },
  };
}

function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
