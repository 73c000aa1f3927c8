// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

/** Entries of the catalog of datasets. */
export type CatalogName =
  | "alpaca"
  | "arxiv-summarization"
  | "billsum"
  | "booksum"
  | "booksum-writing"
  | "boolq"
  | "cnn-dailymail"
  | "dialogsum"
  | "dolly-15k"
  | "govreport"
  | "hotpotqa"
  | "longalign-10k"
  | "longalpaca-12k"
  | "longwriter-6k"
  | "moby-dick"
  | "moby-dick-text"
  | "musique"
  | "narrativeqa"
  | "no-robots"
  | "open-orca"
  | "pubmed-summarization"
  | "qasper"
  | "qmsum"
  | "quality"
  | "slim-orca"
  | "squad"
  | "state-of-the-union"
  | "state-of-the-union-text"
  | "summ-screen-fd"
  | "tulu-3-sft-mixture"
  | "ultrachat-200k"
  | "world-factbook"
  | "world-factbook-text"
  | "writing-prompts"
  | "xsum";

/** Optimizers. */
export type OptimizerName = "adamw" | "lion";
