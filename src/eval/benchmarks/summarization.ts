import { type Benchmark, hashTokens, itemsOf, lengthSlice, scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { best, scorers } from "../scorers/index.ts";

const maxNewTokens = 64;

/** Summaries of held-out documents, written greedily, by ROUGE F-measures against the best reference. */
export const summarization: Benchmark = {
  defaultLimit: 40,
  async items(environment) {
    const { dataDir, spec } = environment;
    const limit = spec.limit ?? summarization.defaultLimit;
    const { examples, skipped } = await chooseExamples(dataDir, "summarization", limit, ({ messages }) =>
      messages.at(-1)?.role === "assistant" ? undefined : "no answer at the end",
    );
    const items = await itemsOf(examples, async (example) => {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const references = (example.meta.answers as string[] | undefined) ?? [example.messages.at(-1)!.content];
      return {
        isShortened: prompt.isShortened,
        inputHash: hashTokens(prompt.ids),
        async ask(model) {
          const prediction = await answerText(model, environment, prompt.ids, maxNewTokens);
          const metrics = {
            rouge1: best(scorers.rouge1, prediction, references),
            rouge2: best(scorers.rouge2, prediction, references),
            rougeL: best(scorers.rougeL, prediction, references),
            rougeLsum: best(scorers.rougeLsum, prediction, references),
          };
          return {
            scores: scoresIn(lengthSlice(example), metrics),
            promptTail: await tailOf(environment, prompt.ids),
            target: references.join(" | "),
            prediction,
            tokens: prompt.ids.length,
          };
        },
      };
    });
    return { items, skipped };
  },
};
