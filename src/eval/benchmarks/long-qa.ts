import { type Benchmark, hashTokens, itemsOf, lengthSlice, scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { best, scorers } from "../scorers/index.ts";

const maxNewTokens = 24;

/**
 * Questions on short and long documents, answered greedily: exact match and token F1 of SQuAD, the best over the
 * accepted answers. Conversations of several questions are skipped, as their later turns show earlier answers.
 */
export const longQa: Benchmark = {
  defaultLimit: 40,
  async items(environment) {
    const { dataDir, spec } = environment;
    const { examples, skipped } = await chooseExamples(
      dataDir,
      "qa",
      spec.limit ?? longQa.defaultLimit,
      ({ meta }) => {
        if (meta.answers_by_turn) return "several turns";
        return Array.isArray(meta.answers) ? undefined : "no meta.answers";
      },
    );
    const items = await itemsOf(examples, async (example) => {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const answers = example.meta.answers as string[];
      return {
        isShortened: prompt.isShortened,
        inputHash: hashTokens(prompt.ids),
        async ask(model) {
          const prediction = await answerText(model, environment, prompt.ids, maxNewTokens);
          const metrics = {
            exact_match: best(scorers.exact_match, prediction, answers),
            f1: best(scorers.f1, prediction, answers),
          };
          return {
            scores: scoresIn(lengthSlice(example), metrics),
            promptTail: await tailOf(environment, prompt.ids),
            target: answers.join(" | "),
            prediction,
            tokens: prompt.ids.length,
          };
        },
      };
    });
    return { items, skipped };
  },
};
