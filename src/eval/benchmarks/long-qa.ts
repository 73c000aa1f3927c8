import { type Benchmark, hashInput, itemsOf, lengthSlice, rising, scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { referencesOf, scoreAgainst } from "../references.ts";

const maxNewTokens = 24;
const metrics = ["exact_match", "f1"] as const;

/**
 * Questions on short and long documents, answered greedily: exact match and token F1 of SQuAD, the best over the
 * accepted answers. Conversations of several questions are skipped, as their later turns show earlier answers.
 */
export const longQa: Benchmark = {
  defaultLimit: 40,
  metrics: rising(...metrics),
  async items(environment) {
    const { dataDir, spec } = environment;
    const { examples, skipped } = await chooseExamples(
      dataDir,
      "qa",
      spec.limit ?? longQa.defaultLimit,
      (example) => {
        if (example.meta.answers_by_turn) return "several turns";
        return referencesOf(example).length > 0 ? undefined : "no answer";
      },
    );
    const items = await itemsOf(examples, async (example) => {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const answers = referencesOf(example);
      return {
        isShortened: prompt.isShortened,
        inputHash: hashInput([prompt.ids], answers),
        async ask(model) {
          const prediction = await answerText(model, environment, prompt.ids, maxNewTokens);
          return {
            scores: scoresIn(lengthSlice(example), scoreAgainst(answers, prediction, metrics)),
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
