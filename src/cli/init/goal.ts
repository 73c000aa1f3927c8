/** What a model is tuned for, as `--for` names it. Each fits on a line of a terminal of 80 columns. */
export const goals = {
  documents: "answers, summaries and texts made from documents of your own",
  chat: "conversations: messages, ShareGPT, Alpaca, prompt and completion",
  hub: "a dataset of the Hugging Face Hub",
  lcat: "a Llama becomes a Zebra on plain documents, then instructions",
} as const;

export type Goal = keyof typeof goals;

export const tasks = ["summarization", "qa", "writing"] as const;
export type InitTask = (typeof tasks)[number];

/** All that a recipe is written from. */
export interface Wish {
  goal: Goal;
  tasks: readonly InitTask[];
  /** Files and folders; for `hub` the dataset's name. */
  data: readonly string[];
  base: string;
  /** The file that is written. */
  file: string;
}
