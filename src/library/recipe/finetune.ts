// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { OptimizerName } from "./names.ts";

/** How the weights are trained. */
export interface FinetuneInput {
  /**
   * The stage of the paper that the run is for: instruct learns from mix.render chat, lcat (long context
   * adaptation) and pretrain from text. It changes no number: mix.render decides which tokens are under loss,
   * and model where the weights come from. Default: "instruct".
   */
  objective?: "instruct" | "lcat" | "pretrain" | undefined;
  /** full: every weight. lora: low-rank adapters beside frozen weights. Default: "full". */
  method?: "full" | "lora" | undefined;
  /** Only read with `method: lora`. */
  lora?: LoraInput | undefined;
  /** Where it is computed. auto: a GPU that is faster than the CPU, else the CPU. Default: "auto". */
  device?: "auto" | "cpu" | "cuda" | "tfjs" | "webgpu" | undefined;
  /**
   * What matrix products compute in. Weights, gradients and moments are always float32; float16 scales the
   * loss. Default: "float32".
   */
  compute_dtype?: "float32" | "float16" | undefined;
  /** Peak learning rate. Default: 0.00002. */
  lr?: number | undefined;
  /** Shape of the learning rate after warm-up. Default: "cosine". */
  lr_schedule?: "cosine" | "linear" | "constant" | undefined;
  /** The schedule ends at lr * min_lr_ratio. Default: 0.1. */
  min_lr_ratio?: number | undefined;
  /** Optimizer steps over which the learning rate grows linearly from 0. Default: 20. */
  warmup_steps?: number | undefined;
  /** An entry of src/finetune/optimizers. Default: "adamw". */
  optimizer?: OptimizerName | undefined;
  /** Settings of the optimizer. AdamW's are adam_beta1, adam_beta2 and adam_eps instead. */
  optimizer_options?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Decay of matrices by lr * weight_decay in each step, apart from the gradient (norms are left alone).
   * Default: 0.
   */
  weight_decay?: number | undefined;
  /** Decay of AdamW's first moment. Default: 0.9. */
  adam_beta1?: number | undefined;
  /** Decay of AdamW's second moment. Default: 0.95. */
  adam_beta2?: number | undefined;
  /** Added to the root of AdamW's second moment. Default: 1e-8. */
  adam_eps?: number | undefined;
  /** The gradient of a step is scaled down to this norm. 0: never. Default: 1. */
  max_grad_norm?: number | undefined;
  /** Passes over the training packs. Default: 1. */
  epochs?: number | undefined;
  /** Optimizer steps. 0: as many as the epochs give. Default: 0. */
  max_steps?: number | undefined;
  /** Packs whose gradients are added before one optimizer step (gradient accumulation). Default: 8. */
  packs_per_step?: number | undefined;
  /**
   * layer: keep each layer's input and what attention made (with adapters: of global layers), and compute the
   * rest again: long packs in little memory, about a tenth slower, the same gradients. Default: "none".
   */
  activation_checkpointing?: "none" | "layer" | undefined;
  /**
   * Steps from one validation loss to the next; it is measured before the first step and after the last as
   * well, and not where the last follows within a quarter of this. 0: only then. Default: 50.
   */
  validate_every_steps?: number | undefined;
  /**
   * Steps from one checkpoint to resume from to the next. 0: only when stopped and at the end. Default: 100.
   */
  checkpoint_every_steps?: number | undefined;
  /** Newest checkpoints kept, besides the final one. Default: 2. */
  keep_checkpoints?: number | undefined;
  /** Number format of train/final. Checkpoints to resume from are always float32. Default: "float32". */
  save_dtype?: "float32" | "float16" | "bfloat16" | undefined;
}

/** Only read with `method: lora`. */
export interface LoraInput {
  /** Rank of the adapters. Default: 8. */
  r?: number | undefined;
  /** The adapters' product is scaled by alpha / r. Default: 16. */
  alpha?: number | undefined;
  /** Linear layers that get adapters. Default: ["q_proj","k_proj","v_proj","o_proj"]. */
  target_modules?:
    | readonly ("q_proj" | "k_proj" | "v_proj" | "o_proj" | "gate_proj" | "up_proj" | "down_proj")[]
    | undefined;
}
