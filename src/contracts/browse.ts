import type { RunningScore } from "./events.ts";

/**
 * What a browser of samples shows: an index that is held, and whole samples that are read when they are
 * looked at. Who shows it knows no files.
 */
export interface SampleBook {
  /** What is browsed: a folder. */
  readonly title: string;
  readonly models: readonly string[];
  readonly benchmarks: readonly BrowsedBenchmark[];
  /** In the order in which they were found. New ones come at the end. */
  readonly items: readonly BrowsedItem[];
  /** Reads what was written since. Whether anything was. */
  refresh(): Promise<boolean>;
  /** The sample with all its texts; models that have not answered it are absent. */
  read(item: BrowsedItem): Promise<WholeSample>;
  /** Tells of items in which the text stands, in either case; ends early once `isWanted` says no. */
  search(text: string, isWanted: () => boolean): Promise<ReadonlySet<BrowsedItem>>;
}

export interface BrowsedBenchmark {
  name: string;
  /** By the models' places; undefined for one that was not asked. */
  byModel: readonly (BrowsedPart | undefined)[];
}

export interface BrowsedPart {
  done: number;
  /** Of the evaluation, where it has said so. */
  total?: number;
  failed: number;
  cut: number;
  /** The headline over the items that are there. */
  score?: RunningScore;
}

export interface BrowsedItem {
  readonly benchmark: string;
  readonly id: string;
  /** The end of what was asked, a line at most. */
  readonly tail: string;
  /** Of the prompt or document; 0 where it is not known. */
  readonly tokens: number;
  /** By the models' places. */
  readonly answers: readonly (BriefAnswer | undefined)[];
  /** Whether models answered otherwise than the first. */
  readonly isChanged: boolean;
  /** The last model's headline against the first's: 1 better, -1 worse, 0 the same or not known. */
  readonly change: -1 | 0 | 1;
}

export interface BriefAnswer {
  /** Of the headline; null where it failed or has none. */
  readonly score: number | null;
  /** Less than half of what could be had; false where that is not known. */
  readonly isWrong: boolean;
  readonly isFailed: boolean;
  readonly isCut: boolean;
}

export interface WholeSample {
  prompt: string;
  /** The document where the prompt says `[document]`: its ends. */
  document?: string;
  gold: string;
  answers: readonly (WholeAnswer | undefined)[];
}

export interface WholeAnswer {
  prediction: string;
  scores: Readonly<Record<string, number>>;
  /** Of the prompt or document. */
  tokens: number;
  /** Taken out of the prompt; undefined where it was not counted. */
  tokensCut?: number;
  isCut: boolean;
  error?: string;
}

/** Which samples are listed. */
export const sampleFilters = ["all", "wrong", "changed", "better", "worse", "cut", "failed"] as const;
export type SampleFilter = (typeof sampleFilters)[number];

/** Lengths by which samples are listed, in tokens: from one to below the next. */
export const lengthSteps = [0, 1024, 4096, 16_384, 65_536] as const;

export interface Wanted {
  filter: SampleFilter;
  /** null: of every benchmark. */
  benchmark: string | null;
  /** Place in `lengthSteps`; null: of every length. */
  length: number | null;
  /** Those that a search has found; null: no search. */
  found: ReadonlySet<BrowsedItem> | null;
}

export function isWanted(item: BrowsedItem, { filter, benchmark, length, found }: Wanted): boolean {
  if (benchmark !== null && item.benchmark !== benchmark) return false;
  if (length !== null) {
    const [from, below = Number.POSITIVE_INFINITY] = [lengthSteps[length]!, lengthSteps[length + 1]];
    if (item.tokens < from || item.tokens >= below) return false;
  }
  if (found !== null && !found.has(item)) return false;
  const some = (of: (answer: BriefAnswer) => boolean) => item.answers.some((one) => one && of(one));
  switch (filter) {
    case "all":
      return true;
    case "wrong":
      return some(({ isWrong }) => isWrong);
    case "changed":
      return item.isChanged;
    case "better":
      return item.change > 0;
    case "worse":
      return item.change < 0;
    case "cut":
      return some(({ isCut }) => isCut);
    case "failed":
      return some(({ isFailed }) => isFailed);
  }
}
