import { Type } from "@sinclair/typebox";
import { mapping, optionalText } from "../../schema.ts";

/** Keys of `model`. */
export const modelSchema = mapping(
  {
    checkpoint: optionalText(
      "Checkpoint folder (config.json, model.safetensors, tokenizer.json) to start from, or a PEFT " +
        "adapter's, which is merged into its base.",
    ),
    base: optionalText(
      "Model that the adapter in `checkpoint` belongs to, instead of what its adapter_config.json says.",
    ),
    config: optionalText("A config.json to initialise a new model from. Needs `tokenizer`."),
    tokenizer: optionalText(
      "Folder that holds tokenizer.json. Only with `config`; a checkpoint brings its own.",
    ),
    chat_template: optionalText(
      "Chat template in place of the tokenizer's own, for one without any: chatml, llama3, zebra, or the " +
        "path of a .jinja file. It is written into train/final.",
    ),
    group: Type.Optional(
      Type.Integer({
        description:
          "Turn the checkpoint into this layout first: layer i attends globally when i % group == 0, else " +
          "in a window. Needs `window`.",
        minimum: 1,
      }),
    ),
    window: Type.Optional(
      Type.Integer({
        description:
          "Keys that a query of a local layer sees, itself included (Hugging Face's sliding_window). " +
          "Needs `group`.",
        minimum: 1,
      }),
    ),
  },
  {
    description:
      "Where the weights come from: a checkpoint folder, or a config.json to initialise from scratch. " +
      "Exactly one of the two.",
  },
);
