import { type Benchmark, hashInput, itemsOf, lengthSlice, rising, scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { answerText, promptOf, tailOf } from "../prompt.ts";
import { referencesOf, scoreAgainst } from "../references.ts";

const maxNewTokens = 64;
const metrics = ["rouge1", "rouge2", "rougeL", "rougeLsum"] as const;

/** Summaries of held-out documents, written greedily, by ROUGE F-measures against the best reference. */
export const summarization: Benchmark = {
  defaultLimit: 40,
  metrics: rising(...metrics),
  async items(environment) {
    const { dataDir, spec } = environment;
    const limit = spec.limit ?? summarization.defaultLimit;
    const { examples, skipped } = await chooseExamples(dataDir, "summarization", limit, (example) =>
      referencesOf(example).length > 0 ? undefined : "no reference",
    );
    const items = await itemsOf(examples, async (example) => {
      const prompt = await promptOf(environment, example, maxNewTokens);
      const references = referencesOf(example);
      return {
        isShortened: prompt.isShortened,
        inputHash: hashInput([prompt.ids], references),
        async ask(model) {
          const prediction = await answerText(model, environment, prompt.ids, maxNewTokens);
          return {
            scores: scoresIn(lengthSlice(example), scoreAgainst(references, prediction, metrics)),
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
