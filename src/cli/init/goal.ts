/** What a model is tuned for, as `--for` names it. */
export const goals = {
  documents: "answers, summaries and texts made from documents of your own",
  chat: "conversations of your own: messages, ShareGPT, Alpaca, prompt and completion",
  hub: "a dataset of the Hugging Face Hub",
  lcat: "long context first (a Llama becomes a Zebra on plain documents), then instructions",
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
