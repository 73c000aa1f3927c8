import type { Example, Task } from "../contracts/example.ts";
import { itemsOf } from "./asking/items-of.ts";
import { promptOf, questionOf, tailOf } from "./asking/prompt.ts";
import { shownPrompt } from "./asking/shown-prompt.ts";
import {
  type Benchmark,
  defineBenchmark,
  documentName,
  type Environment,
  hashInput,
  lengthSlice,
  type Prepared,
  rising,
  scoresIn,
} from "./benchmark.ts";
import { textsOf } from "./controls/change-document.ts";
import { chooseExamples } from "./held-out.ts";
import type { scorerCatalog } from "./scorers/index.ts";
import { referencesOf, scoreAgainst } from "./scoring/references.ts";

interface Asked {
  task: Task;
  maxNewTokens: number;
  headline: { metric: keyof typeof scorerCatalog; name: string };
  metrics: readonly (keyof typeof scorerCatalog)[];
  /** Why an example cannot be used although it has a reference. */
  refuse?: (example: Example) => string | undefined;
}

/**
 * A benchmark of held-out examples of one task, answered greedily. Each metric is the best over the
 * references.
 */
export function generative({ task, maxNewTokens, headline, metrics, refuse }: Asked): Benchmark {
  return defineBenchmark({
    defaultLimit: 40,
    headline,
    metrics: rising(...metrics),
    isControlled: true,
    options: {},
    async items(environment) {
      const { heldOut, limit } = environment;
      const { examples, skipped } = await chooseExamples(
        heldOut,
        task,
        limit,
        (example) => refuse?.(example) ?? (referencesOf(example).length > 0 ? undefined : "no reference"),
      );
      const made = await generativeItems(environment, examples, { maxNewTokens, metrics });
      return { items: made.items, skipped: { ...skipped, ...made.skipped } };
    },
  });
}

/** An item for each example: its last answer is asked for, and compared with the accepted ones. */
export function generativeItems(
  environment: Omit<Environment, "limit">,
  examples: readonly Example[],
  { maxNewTokens, metrics }: Pick<Asked, "maxNewTokens" | "metrics">,
): Promise<Prepared> {
  return itemsOf(examples, environment.truncate, async (example) => {
    const prompt = await promptOf(environment, example, maxNewTokens);
    const references = referencesOf(example);
    return {
      isShortened: prompt.isShortened,
      tokensCut: prompt.tokensCut,
      inputHash: hashInput([prompt.ids], references),
      document: documentName(example),
      gold: { answers: references },
      texts: () => textsOf(example),
      prompt: prompt.ids,
      maxNewTokens,
      tokenizer: environment.tokenizer,
      async judge(prediction) {
        return {
          scores: scoresIn(lengthSlice(example), scoreAgainst(references, prediction, metrics)),
          prompt: shownPrompt({ ...example, messages: questionOf(example) }),
          promptTail: await tailOf(environment, prompt.ids),
          target: references.join(" | "),
          prediction,
          tokens: prompt.ids.length,
        };
      },
    };
  });
}
