import { generative } from "../generative.ts";

/** Summaries of held-out documents, generated greedily, with ROUGE F-measures against the best reference. */
export const summarization = generative({
  task: "summarization",
  maxNewTokens: 64,
  metrics: ["rouge1", "rouge2", "rougeL", "rougeLsum"],
});
