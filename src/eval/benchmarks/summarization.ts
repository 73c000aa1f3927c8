import { generative } from "../generative.ts";

/** Summaries of held-out documents, generated greedily, with ROUGE F-measures against the best reference. */
export const summarization = generative({
  task: "summarization",
  maxNewTokens: 64,
  headline: { metric: "rouge1", name: "ROUGE-1" },
  metrics: ["rouge1", "rouge2", "rougeL", "rougeLsum"],
});
