import { availableParallelism, freemem } from "node:os";
import { defaultSplit, splitOf } from "../../datasets/split.ts";
import { type Budget, budgetFor, builtTokens, type Counted, suffixes, textTokens } from "./budget.ts";
import type { InitTask } from "./goal.ts";
import type { Found } from "./look.ts";

/** What a recipe needs to know of the data, the model and the machine. */
export interface Settings {
  charsPerToken: number;
  maxSeqTokens: number;
  /** Least and most tokens of an example that is built of a document. */
  targetTokens: readonly [number, number];
  /** Of the examples, and of whole documents as plain text. */
  budget: Budget;
  textBudget: Budget;
  packsPerStep: number;
  warmupSteps: number;
  split: { validation: number; test: number };
  /** Documents in each split, of those that were looked at. */
  held: { train: number; validation: number; test: number };
  method: "full" | "lora";
  lr: string;
}

/** Training that this machine should be through with in the time that one waits at first. */
const minutes = 10;
/** What a core of a laptop does of a model's products, all in all; `zebra plan` measures it. */
const flopsPerCore = 15e9;

/** Sizes that suit the data and the machine; memory is looked at by the caller, who may ask for less. */
export function settingsFor(
  found: readonly Found[],
  tasks: readonly InitTask[],
  { charsPerToken, parameters, longest }: { charsPerToken: number; parameters: number; longest: number },
): Settings {
  const tokens = found
    .flatMap(({ chars }) => chars.map((length) => length / charsPerToken))
    .sort((a, b) => a - b);
  const typical = tokens[Math.floor(tokens.length * 0.9)] ?? 2048;
  const maxSeqTokens = Math.min(
    longest,
    2 ** Math.ceil(Math.log2(Math.min(8192, Math.max(512, typical * 1.25)))),
  );
  const median = tokens[Math.floor(tokens.length / 2)] ?? maxSeqTokens;
  const most = Math.floor(maxSeqTokens * 0.75);
  const least = Math.max(64, Math.min(256, Math.floor(median / 2), most));
  const affordable = (minutes * 60 * availableParallelism() * flopsPerCore) / (6 * parameters);
  const held = found.length === 0 ? unknownSplit : splitFor(found);
  const all = held.held.train + held.held.validation + held.held.test;
  const inTrain = (name: string, { chars }: Found, tokens: number): Counted => {
    const share = held.held.train / Math.max(1, all);
    return { name, tokens: tokens * share, examples: chars.length * share };
  };
  const examples = found.flatMap((one) =>
    one.kind === "rows"
      ? [inTrain(one.name, one, textTokens(one, charsPerToken, maxSeqTokens))]
      : tasks.map((task) =>
          inTrain(`${one.name}-${suffixes[task]}`, one, builtTokens(one, charsPerToken, [least, most])),
        ),
  );
  const texts = found.map((one) => inTrain(one.name, one, textTokens(one, charsPerToken)));
  const unknown = found.length === 0 ? [{ name: "", tokens: Number.POSITIVE_INFINITY, examples: 1 }] : [];
  const affordableHere = Math.max(8 * maxSeqTokens, Math.min(affordable, 2e6));
  const budget = budgetFor([...examples, ...unknown], affordableHere, maxSeqTokens);
  const packs = budget.tokens / maxSeqTokens;
  const packsPerStep = Math.max(1, Math.min(8, Math.round(packs / 40)));
  const method = parameters > 300e6 ? "lora" : "full";
  return {
    charsPerToken,
    maxSeqTokens,
    targetTokens: [least, most],
    budget,
    textBudget: budgetFor([...texts, ...unknown], affordableHere, maxSeqTokens),
    packsPerStep,
    warmupSteps: Math.max(1, Math.min(4, Math.floor(packs / packsPerStep / 5))),
    ...held,
    method,
    lr: method === "lora" || parameters < 20e6 ? "2.0e-4" : "5.0e-5",
  };
}

/** With less memory: shorter sequences, as many tokens in all. */
export function halved(settings: Settings): Settings {
  const maxSeqTokens = settings.maxSeqTokens / 2;
  const most = Math.floor(maxSeqTokens * 0.75);
  return { ...settings, maxSeqTokens, targetTokens: [Math.min(settings.targetTokens[0], most), most] };
}

export function memoryHere(): number {
  return process.availableMemory?.() ?? freemem();
}

/** The package's own shares first; then more, for few documents. */
const shares = [0.06, 0.1, 0.15, 0.2, 0.3, 0.4].map((test) => ({
  test,
  validation: Math.min(test * (2 / 3), 0.2),
}));

/**
 * Shares that hold out at least one document in ten (and eight of many) to measure by and one to validate by,
 * and leave half to train on. Which document is held out is decided by its id, so it is known beforehand.
 * With too few documents for that nothing is held out.
 */
export function splitFor(found: readonly Found[]): Pick<Settings, "split" | "held"> {
  const ids = [...new Set(found.flatMap(({ documents }) => [...documents]))];
  const wanted = Math.min(8, Math.ceil(ids.length / 10));
  for (const share of shares) {
    const split = { validation: round(share.validation), test: share.test };
    const held = { train: 0, validation: 0, test: 0 };
    for (const id of ids) held[splitOf(id, split)]++;
    if (held.test >= wanted && held.validation > 0 && held.train >= ids.length / 2) return { split, held };
  }
  return { split: { validation: 0, test: 0 }, held: { train: ids.length, validation: 0, test: 0 } };
}

/** Of a dataset of the Hub, which is looked at when the recipe runs: enough of its rows are there. */
const unknownSplit = { split: defaultSplit, held: { train: 0, validation: 0, test: 0 } };

const round = (value: number): number => Math.round(value * 100) / 100;
