import { Type } from "@sinclair/typebox";
import { choice, mapping } from "../../schema.ts";
import { deviceKey } from "./device.ts";

/** Keys of `finetune.lora`. */
export const loraSchema = mapping(
  {
    r: Type.Integer({ description: "Rank of the adapters.", minimum: 1, default: 8 }),
    alpha: Type.Number({
      description: "The adapters' product is scaled by alpha / r.",
      exclusiveMinimum: 0,
      default: 16,
    }),
    target_modules: Type.Array(
      choice(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
      {
        description: "Linear layers that get adapters.",
        minItems: 1,
        uniqueItems: true,
        default: ["q_proj", "k_proj", "v_proj", "o_proj"],
      },
    ),
  },
  { description: "Only read with `method: lora`.", default: {} },
);

/** Keys of `finetune`. */
export const finetuneSchema = mapping(
  {
    objective: choice(["instruct", "lcat", "pretrain"], {
      description:
        "The stage of the paper that the run is for: instruct learns from mix.render chat, lcat (long " +
        "context adaptation) and pretrain from text. It changes no number: mix.render decides which tokens " +
        "are under loss, and model where the weights come from.",
      default: "instruct",
    }),
    method: choice(["full", "lora"], {
      description: "full: every weight. lora: low-rank adapters beside frozen weights.",
      default: "full",
    }),
    lora: loraSchema,
    device: deviceKey,
    compute_dtype: choice(["float32", "float16"], {
      description:
        "What matrix products compute in. Weights, gradients and moments are always float32; float16 " +
        "scales the loss.",
      default: "float32",
    }),
    lr: Type.Number({ description: "Peak learning rate.", exclusiveMinimum: 0, default: 0.00002 }),
    lr_schedule: choice(["cosine", "linear", "constant"], {
      description: "Shape of the learning rate after warm-up.",
      default: "cosine",
    }),
    min_lr_ratio: Type.Number({
      description: "The schedule ends at lr * min_lr_ratio.",
      minimum: 0,
      maximum: 1,
      default: 0.1,
    }),
    warmup_steps: Type.Integer({
      description: "Optimizer steps over which the learning rate grows linearly from 0.",
      minimum: 0,
      default: 20,
    }),
    optimizer: Type.String({
      description: "An entry of src/finetune/optimizers.",
      minLength: 1,
      default: "adamw",
    }),
    optimizer_options: Type.Unsafe<Record<string, unknown>>({
      description: "Settings of the optimizer. AdamW's are adam_beta1, adam_beta2 and adam_eps instead.",
      type: "object",
      default: {},
    }),
    weight_decay: Type.Number({
      description:
        "Decay of matrices by lr * weight_decay in each step, apart from the gradient (norms are left alone).",
      minimum: 0,
      default: 0,
    }),
    adam_beta1: Type.Number({
      description: "Decay of AdamW's first moment.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
    }),
    adam_beta2: Type.Number({
      description: "Decay of AdamW's second moment.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.95,
    }),
    adam_eps: Type.Number({
      description: "Added to the root of AdamW's second moment.",
      exclusiveMinimum: 0,
      default: 1e-8,
    }),
    max_grad_norm: Type.Number({
      description: "The gradient of a step is scaled down to this norm. 0: never.",
      minimum: 0,
      default: 1,
    }),
    epochs: Type.Number({ description: "Passes over the training packs.", exclusiveMinimum: 0, default: 1 }),
    max_steps: Type.Integer({
      description: "Optimizer steps. 0: as many as the epochs give.",
      minimum: 0,
      default: 0,
    }),
    packs_per_step: Type.Integer({
      description: "Packs whose gradients are added before one optimizer step (gradient accumulation).",
      minimum: 1,
      default: 8,
    }),
    activation_checkpointing: choice(["none", "layer"], {
      description:
        "layer: keep each layer's input and what attention made (with adapters: of global layers), and " +
        "compute the rest again: long packs in little memory, about a tenth slower, the same gradients.",
      default: "none",
    }),
    validate_every_steps: Type.Integer({
      description:
        "Steps from one validation loss to the next; it is measured before the first step and after the " +
        "last as well, and not where the last follows within a quarter of this. 0: only then.",
      minimum: 0,
      default: 50,
    }),
    checkpoint_every_steps: Type.Integer({
      description:
        "Steps from one checkpoint to resume from to the next. 0: only when stopped and at the end.",
      minimum: 0,
      default: 100,
    }),
    keep_checkpoints: Type.Integer({
      description: "Newest checkpoints kept, besides the final one.",
      minimum: 1,
      default: 2,
    }),
    save_dtype: choice(["float32", "float16", "bfloat16"], {
      description: "Number format of train/final. Checkpoints to resume from are always float32.",
      default: "float32",
    }),
  },
  { description: "How the weights are trained.", default: {} },
);
