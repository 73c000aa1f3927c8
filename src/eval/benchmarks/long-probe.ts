import { Type } from "@sinclair/typebox";
import { DataError } from "../../errors.ts";
import { choice, optionalText } from "../../schema.ts";
import { askedAs } from "../asking/begun-answer.ts";
import { defineBenchmark, type Item, rising } from "../benchmark.ts";
import { depthSlice, ofOneTask, placeSlice } from "../lengths/slices.ts";
import { openTasks, type ProbeTask, probeTasks } from "../probes/catalog.ts";
import { type ProbePlace, probeItem } from "../probes/probe-items.ts";

/**
 * RULER's thirteen constructions (arXiv 2404.06654) of any length, over texts, words and questions that ship
 * with this package: its numbers are not RULER's. The metric is RULER's, the share of what is asked for that
 * stands in the answer, by task, by length, and by depth where an answer has one.
 */
export const longProbe = defineBenchmark({
  defaultLimit: 2000,
  headline: { metric: "found", name: "found" },
  metrics: rising("found"),
  details: new RegExp(`${depthSlice.source}|${ofOneTask.source}`),
  options: {
    lengths: Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        "Tokens of the prompt with room for the answer, to 128k and more; those over `eval.max_seq_tokens`, and " +
        "too short ones for a task, are left out and counted.",
      minItems: 1,
      uniqueItems: true,
      default: [512, 1024, 2048, 4096],
      expected: "a list of whole numbers from 1, each once",
    }),
    tasks: Type.Optional(
      Type.Array(choice(probeTasks), {
        description: "Which of the thirteen, by RULER's names. Default: all.",
        minItems: 1,
        uniqueItems: true,
        expected: `a list of ${probeTasks.join(", ")}, each once`,
      }),
    ),
    samples: Type.Integer({
      description: "Questions of each task and length.",
      minimum: 1,
      default: 5,
      expected: "a whole number from 1",
    }),
    depths: Type.Array(Type.Integer({ minimum: 0, maximum: 100 }), {
      description: "In percent of the text, where one answer is hidden; the samples of a task take turns.",
      minItems: 1,
      uniqueItems: true,
      default: [0, 25, 50, 75, 100],
      expected: "a list of whole numbers from 0 to 100, each once",
    }),
    template: choice(["auto", "chat", "plain"], {
      description: "The checkpoint's chat template, or plain text. `auto`: a template where there is one.",
      default: "auto",
    }),
    squad: optionalText("Questions of `qa_1` in SQuAD's JSON, in place of those on the World Factbook."),
    hotpotqa: optionalText(
      "Questions of `qa_2` in HotpotQA's JSON, in place of those on the World Factbook.",
    ),
  },
  async items({ tokenizer, maxSeqTokens, limit }, options) {
    const { lengths: asked, tasks = probeTasks, samples, squad, hotpotqa } = options;
    const lengths = asked.filter((length) => length <= maxSeqTokens);
    const skipped: Record<string, number> = {};
    for (const length of asked)
      if (length > maxSeqTokens) skipped[`${length} tokens is over max_seq_tokens`] = tasks.length * samples;
    const constructions = await openTasks(tasks, { squad, hotpotqa });
    const as = await askedAs(tokenizer, options.template);
    // Rounds of all tasks and lengths, so that a limit takes as many of each.
    const places = Array.from({ length: samples }, (_, sample) =>
      lengths.flatMap((length) => tasks.map((task) => ({ task, length, sample }))),
    ).flat();
    if (places.length > limit) skipped["over the limit"] = places.length - limit;
    const asking = { environment: { tokenizer }, as, depths: options.depths };
    const ask = (place: ProbePlace) => probeItem(asking, constructions.get(place.task as ProbeTask)!, place);
    const items: Item[] = [];
    const tooShort = new Map<string, { task: string; length: number; count: number }>();
    for (const place of places.slice(0, limit)) {
      const { task, length } = place;
      const made = await ask(place);
      if ("item" in made) items.push(made.item);
      else {
        const key = placeSlice({ task, length });
        tooShort.set(key, { task, length, count: (tooShort.get(key)?.count ?? 0) + 1 });
      }
    }
    const smallest = new Map<string, number>();
    for (const { task, length, count } of tooShort.values()) {
      const needs = smallest.get(task) ?? (await smallestLength(ask, task, length, samples));
      smallest.set(task, needs);
      skipped[`${task} at ${length} tokens: needs ${needs}`] = count;
    }
    if (items.length === 0 && lengths.length > 0) {
      throw new DataError(
        `long-probe: expected lengths of at least ${Math.min(...smallest.values())} tokens for one of its tasks, ` +
          `got ${lengths.join(", ")}. ${Object.keys(skipped).join("; ")}`,
      );
    }
    const how =
      "RULER's constructions over texts, words and questions of this package: not RULER's numbers; " +
      `${as === "chat" ? "chat template" : "plain text"}, answers are begun, greedy`;
    return { items, skipped, how };
  },
});

/** The smallest length from `length` on at which all questions of a task fit that are asked there. */
async function smallestLength(
  ask: (place: ProbePlace) => ReturnType<typeof probeItem>,
  task: string,
  length: number,
  samples: number,
): Promise<number> {
  let least = length;
  // Other lengths have other questions, a few tokens longer or shorter; each round ends with a larger length.
  for (;;) {
    let needs = least;
    for (let sample = 0; sample < samples; sample++) {
      const made = await ask({ task, length: least, sample });
      if ("needs" in made) needs = Math.max(needs, made.needs);
    }
    if (needs === least) return least;
    least = needs;
  }
}
