import type { Benchmark, Item } from "../benchmark.ts";
import { scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { best, scorers } from "../scorers/index.ts";

const maxNewTokens = 64;

/** Summaries of held-out documents by ROUGE against the reference. */
export const summarization: Benchmark = {
  defaultLimit: 24,
  async items(environment) {
    const { dataDir, spec } = environment;
    const limit = spec.limit ?? summarization.defaultLimit;
    const { examples, skipped } = await chooseExamples(dataDir, "summarization", limit, () => true);
    const items: Item[] = [];
    for (const example of examples) {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const references = (example.meta.answers as string[] | undefined) ?? [example.messages.at(-1)!.content];
      items.push({
        id: example.id,
        isShortened: prompt.isShortened,
        async ask(model) {
          const prediction = await answerText(model, environment, prompt.ids, maxNewTokens);
          const metrics = {
            rouge1: best(scorers.rouge1, prediction, references),
            rouge2: best(scorers.rouge2, prediction, references),
            rougeL: best(scorers.rougeL, prediction, references),
            rougeLsum: best(scorers.rougeLsum, prediction, references),
          };
          return {
            scores: scoresIn([String(example.meta.length ?? "")].filter(Boolean), metrics),
            promptTail: await tailOf(environment, prompt.ids),
            target: references.join(" | "),
            prediction,
            tokens: prompt.ids.length,
          };
        },
      });
    }
    return { items, skipped };
  },
};
