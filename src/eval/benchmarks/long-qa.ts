import type { Benchmark, Item } from "../benchmark.ts";
import { scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { best, scorers } from "../scorers/index.ts";

const maxNewTokens = 24;

/** Questions on short and long documents, answered greedily. Conversations of several questions are skipped. */
export const longQa: Benchmark = {
  defaultLimit: 40,
  async items(environment) {
    const { dataDir, spec } = environment;
    const { examples, skipped } = await chooseExamples(
      dataDir,
      "qa",
      spec.limit ?? longQa.defaultLimit,
      ({ meta }) => Array.isArray(meta.answers) && !meta.answers_by_turn,
    );
    const items: Item[] = [];
    for (const example of examples) {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const answers = example.meta.answers as string[];
      items.push({
        id: example.id,
        isShortened: prompt.isShortened,
        async ask(model) {
          const text = await answerText(model, environment, prompt.ids, maxNewTokens);
          const prediction = text.split("\n")[0]!.trim();
          const metrics = {
            exact_match: best(scorers.exact_match, prediction, answers),
            f1: best(scorers.f1, prediction, answers),
          };
          return {
            scores: scoresIn([String(example.meta.length ?? "")].filter(Boolean), metrics),
            promptTail: await tailOf(environment, prompt.ids),
            target: answers.join(" | "),
            prediction,
            tokens: prompt.ids.length,
          };
        },
      });
    }
    return { items, skipped };
  },
};
