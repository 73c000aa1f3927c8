import type { Recipe } from "../../contracts/recipe.ts";
import { mixPaths } from "../../contracts/run-folder.ts";
import { openPacks, type PackStore } from "../../mixing/packs/pack-store.ts";
import { batchOf } from "../batch.ts";
import type { PackShape } from "./forecast.ts";

/** The packs of a training, and shapes of some of them; of the validation packs, too. */
export interface ForecastPacks {
  /** True: read from the mix. False: what the recipe says, with `assumptions`. */
  isMeasured: boolean;
  /** Null: not known before the data is there. */
  count: number | null;
  tokens: number | null;
  supervisedTokens: number | null;
  shapes: PackShape[];
  /** Count null: not known either. */
  held: { count: number | null; shapes: PackShape[] };
  /** What was taken to be true, each a sentence. */
  assumptions: string[];
}

/** How many packs are read to forecast the time of all. */
const sampledPacks = 128;

/** The packs of a mix. */
export async function measuredPacks(mixDir: string): Promise<ForecastPacks> {
  const made = mixPaths(mixDir);
  await using train = await openPacks(made.train);
  await using held = await openPacks(made.validation);
  const { count, tokens, supervisedTokens } = train;
  return {
    ...{ isMeasured: true, count, tokens, supervisedTokens, shapes: await sample(train) },
    held: { count: held.count, shapes: await sample(held) },
    assumptions: [],
  };
}

/** The longest packs, where memory peaks, and others evenly over the store. */
async function sample(store: PackStore): Promise<PackShape[]> {
  const every = Math.max(1, Math.ceil(store.count / sampledPacks));
  const chosen = new Set<number>();
  for (let i = 0; i < store.count; i += every) chosen.add(i);
  const longest = store.lengths.indexOf(store.lengths.reduce((a, b) => Math.max(a, b), 0));
  if (longest >= 0) chosen.add(longest);
  const shapes: PackShape[] = [];
  for (const index of [...chosen].sort((a, b) => a - b)) {
    const { segments, supervisedTokens } = batchOf(await store.read(index));
    shapes.push({ segments, supervisedTokens });
  }
  return shapes;
}

/** Share of a conversation that is answers, where no pack tells. */
const answeredShare = 1 / 4;

/**
 * What the recipe will make, as far as it says: full packs, one of a single sequence, which takes the most,
 * and with `best_fit` one of several.
 */
export function assumedPacks({ mix, data }: Pick<Recipe, "mix" | "data">): ForecastPacks {
  const T = mix.max_seq_tokens;
  const renders = data.datasets.map(({ name, render = mix.render }) => {
    return { isText: render === "text", weight: (name === undefined ? undefined : mix.weights[name]) ?? 1 };
  });
  const weight = renders.reduce((sum, one) => sum + one.weight, 0) || 1;
  const textShare = renders.reduce((sum, one) => sum + (one.isText ? one.weight : 0), 0) / weight;
  const share = textShare + (1 - textShare) * answeredShare;
  const isText = textShare === 1;
  const shapeOf = (segments: number[]): PackShape => ({
    segments,
    // The first token of a sequence has nothing before it to be told from.
    supervisedTokens: isText ? T - segments.length : Math.ceil(T * share),
  });
  const shapes = [shapeOf([T])];
  const parts = [Math.floor(T / 2), Math.floor(T / 4), Math.floor(T / 8)].filter((part) => part > 0);
  if (mix.packing === "best_fit" && parts.length === 3) {
    shapes.push(shapeOf([...parts, T - parts.reduce((a, b) => a + b, 0)]));
  }
  const tokens = mix.budget_tokens || mix.budget_supervised_tokens / share || null;
  const count = tokens === null ? null : Math.max(1, Math.round(tokens / T));
  const heldCount = mix.validation_tokens === 0 ? null : Math.ceil(mix.validation_tokens / T);
  const assumptions = [
    `packs are full, ${T.toLocaleString("en-US")} tokens, the longest of one sequence`,
    isText
      ? "every token is under loss (render: text)"
      : `${Math.round(100 * share)} % of the tokens are under loss: all of plain text, a quarter of chats`,
    count === null
      ? "without a budget, how many packs there are is not known until data"
      : "there are enough texts to fill the budget",
    heldCount === null
      ? "how much is validated on is not known until data (mix.validation_tokens: 0)"
      : "there are enough held-out texts to fill mix.validation_tokens",
  ];
  return {
    ...{ isMeasured: false, count, tokens: count && count * T, shapes, assumptions },
    supervisedTokens: count && Math.round(count * T * share),
    held: { count: heldCount, shapes: [shapeOf([T])] },
  };
}
