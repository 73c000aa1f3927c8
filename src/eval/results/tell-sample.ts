import type { Emit } from "../../contracts/events.ts";
import type { SampleLine } from "./samples.ts";

/** Shows an answer where there is a right one: a text whose likelihood is measured has none. */
export function tellSample(emit: Emit, line: SampleLine, benchmark: string, model: string): void {
  const { id, shortened } = line;
  const common = { type: "eval.sample", model, benchmark, id, ...(shortened && { isCut: true }) } as const;
  if ("error" in line) {
    emit({ ...common, question: "", gold: "", prediction: "", scores: {}, error: line.error });
    return;
  }
  if (line.target === "") return;
  const { promptTail: question, target: gold, prediction, tokens } = line;
  const whole = line.scores.filter(({ slice, weight }) => slice === "" && weight > 0);
  const scores = Object.fromEntries(whole.map(({ metric, sum, weight }) => [metric, sum / weight]));
  emit({ ...common, question, gold, prediction, scores, tokens });
}
