import { randomOf } from "../../random.ts";
import { type AskedAs, begunAnswer } from "../asking/begun-answer.ts";
import { tailOf } from "../asking/prompt.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import { type Environment, hashInput, type Item, scoresIn } from "../benchmark.ts";
import { hashPosition } from "../held-out.ts";
import { placeSlice } from "../lengths/slices.ts";
import { foundShares } from "../scoring/found-references.ts";
import { fitUnits } from "./fit.ts";
import type { Construction, Draft } from "./probe.ts";

export interface ProbePlace {
  task: string;
  length: number;
  sample: number;
}

/** How all questions of an evaluation are asked. */
export interface Asking {
  environment: Pick<Environment, "tokenizer">;
  as: AskedAs;
  depths: readonly number[];
}

/**
 * The question of a task, a length and a number, with as much hay as fits. What is asked depends on these
 * three alone, how much hay there is on the tokenizer, too. `needs`: the length that it would need where the
 * one asked for is too short.
 */
export async function probeItem(
  { environment, as, depths }: Asking,
  construction: Construction,
  { task, length, sample }: ProbePlace,
): Promise<{ item: Item; tries: number } | { needs: number }> {
  const { tokenizer } = environment;
  const id = `${task}/${length}/${sample}`;
  const random = randomOf(Number.parseInt(hashPosition(id).slice(0, 8), 16), id);
  const draft = construction({ random, length, depth: depths[sample % depths.length]!, sample });
  const maxNewTokens = await answerRoom(environment, draft);
  const fitted = await fitUnits(draft, length - maxNewTokens, async (units) => {
    const ids = await begunAnswer(tokenizer, as, draft.textOf(units));
    return { ids, tokens: ids.length };
  });
  if (!("units" in fitted)) return { needs: fitted.tokens + maxNewTokens };
  const { units, made, tries } = fitted;
  const { references, match } = draft;
  const item: Item = {
    id,
    isShortened: false,
    inputHash: hashInput([made.ids], references),
    prompt: made.ids,
    maxNewTokens,
    tokenizer,
    async judge(prediction) {
      const found = foundShares(prediction, references);
      const share = match === "all" ? meanOf(found) : Math.max(...found);
      const slices = [task, placeSlice({ length }), placeSlice({ task, length })];
      const { text, prefix, hay } = draft.textOf(units);
      return {
        scores: [
          ...scoresIn(slices, { found: share }),
          ...depthScores(draft, found, { task, length }, depths),
        ],
        prompt: {
          text: `${text.slice(0, hay.start)}[document]${text.slice(hay.end)} ${prefix}`.slice(-2000),
          document: withoutMiddle(text.slice(hay.start, hay.end), 800),
        },
        promptTail: await tailOf(environment, made.ids),
        target: references.join(match === "all" ? ", " : " | "),
        prediction,
        tokens: made.ids.length,
      };
    },
  };
  return { item, tries };
}

/** What was found at each depth. A depth counts to the nearest of those that were asked for. */
function depthScores(
  { depths: places, match }: Draft,
  found: readonly number[],
  at: { task: string; length: number },
  depths: readonly number[],
) {
  if (places === undefined) return [];
  const nearest = (place: number): number =>
    depths.reduce((best, one) => (Math.abs(one - place) < Math.abs(best - place) ? one : best));
  // Of a question whose answers are any of several, all stand in the same place.
  const own = match === "part" ? [{ place: places[0]!, share: Math.max(...found) }] : undefined;
  const all = own ?? found.map((share, i) => ({ place: places[i]!, share }));
  return [...Map.groupBy(all, ({ place }) => nearest(place))].flatMap(([depth, ones]) => {
    const score = {
      metric: "found",
      sum: ones.reduce((sum, { share }) => sum + share, 0),
      weight: ones.length,
    };
    return [placeSlice({ length: at.length, depth }), placeSlice({ ...at, depth })].map((slice) => ({
      slice,
      ...score,
    }));
  });
}

/** Tokens of the longest right answer and half as many again, with room for a few words around it. */
async function answerRoom(
  { tokenizer }: Pick<Environment, "tokenizer">,
  { references, match }: Draft,
): Promise<number> {
  const texts = match === "all" ? [references.join(", ")] : references;
  const tokens = Math.max(...(await tokenizer.encodeBatch(texts)).map(({ length }) => length));
  // Answers that may be equally long are generated side by side.
  return 16 * Math.ceil((1.5 * tokens + 16) / 16);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
