import type { EvalSpec } from "../../src/contracts/recipe.ts";

/** `eval` of a recipe with everything that it does not say. */
export function evalSpec(given: Partial<EvalSpec> = {}): EvalSpec {
  return {
    device: "cpu",
    benchmarks: [],
    tasks: [],
    harness: {
      include_path: [],
      data: [],
      num_fewshot: null,
      fewshot_seed: 1234,
      limit: null,
      sample: null,
      apply_chat_template: false,
      fewshot_as_multiturn: false,
    },
    controls: [],
    datasets: null,
    max_seq_tokens: 4096,
    truncate: "middle",
    ...given,
  };
}
