import { expect, it } from "vitest";
import { parse } from "yaml";
import { convertConfig } from "../../../src/recipe/import/convert.ts";
import { formatImported } from "../../../src/recipe/import/write-imported.ts";
import { validateRecipe } from "../../../src/recipe/validate.ts";

const valuesOf = (converted: ReturnType<typeof convertConfig>) =>
  Object.fromEntries(converted.taken.map(({ path, value }) => [path, value]));

/** The recipe that is written fits the schema. */
function written(converted: ReturnType<typeof convertConfig>): string {
  const text = formatImported(converted, "config.yaml");
  expect(validateRecipe(parse(text))).toHaveProperty("recipe");
  return text;
}

it("takes a config of Axolotl, and says what it left", () => {
  const converted = convertConfig("axolotl", {
    base_model: "owner/small",
    adapter: "qlora",
    load_in_4bit: true,
    datasets: [
      { path: "rows.jsonl", type: "chat_template", field_messages: "turns", message_field_role: "from" },
      { path: "owner/rows", type: "alpaca", name: "en", split: "train", shards: 4 },
    ],
    val_set_size: 0.05,
    sequence_len: 2048,
    sample_packing: true,
    lora_r: 32,
    lora_target_linear: true,
    micro_batch_size: 2,
    gradient_accumulation_steps: 4,
    optimizer: "paged_adamw_8bit",
    learning_rate: "2e-4",
    warmup_ratio: 0.1,
    flash_attention: true,
    bf16: false,
    wandb_project: null,
    surprise: 1,
  });
  expect(converted.datasets).toEqual([
    { path: "rows.jsonl", fields: { messages: "turns", role: "from" } },
    { hub: "owner/rows", config: "en", split: "train", format: "alpaca" },
  ]);
  expect(valuesOf(converted)).toMatchObject({
    "model.checkpoint": "checkpoints/small",
    "finetune.method": "lora",
    "finetune.lora.r": 32,
    "finetune.packs_per_step": 8,
    "finetune.lr": 2e-4,
    "finetune.optimizer": "adamw",
    "finetune.min_lr_ratio": 0,
    "data.split.validation": 0.05,
    "mix.packing": "best_fit",
  });
  expect(converted.left.map(({ key }) => key)).toEqual([
    "datasets.1.shards",
    "flash_attention: true",
    "surprise: 1",
    "warmup_ratio: 0.1",
    "4-bit weights",
  ]);
  const text = written(converted);
  expect(text).toContain("lr: 0.0002 # learning_rate");
  expect(text).toContain(
    "checkpoint: checkpoints/small # get it: hf download owner/small --local-dir checkpoints/small",
  );
  expect(text).toContain("#   surprise: 1: not known to this import");
});

it("takes a config of LLaMA-Factory, with its dataset_info.json and its defaults", () => {
  const info = {
    mine: {
      file_name: "m.json",
      formatting: "sharegpt",
      columns: { messages: "conv" },
      tags: { user_tag: "me" },
    },
  };
  const config = {
    stage: "sft",
    finetuning_type: "lora",
    lora_rank: 4,
    dataset: "mine, other",
    max_samples: 9,
  };
  const converted = convertConfig("llama-factory", { model_name_or_path: "m", ...config }, info);
  expect(converted.datasets).toEqual([
    { name: "mine", path: "data/m.json", fields: { messages: "conv", roles: { user: ["me"] } }, limit: 9 },
    { name: "other", path: "data/other.json", format: "alpaca", limit: 9 },
  ]);
  expect(valuesOf(converted)).toMatchObject({
    "finetune.lora.alpha": 8,
    "finetune.epochs": 3,
    "finetune.lr": 5e-5,
    "mix.max_seq_tokens": 2048,
    "mix.packing": "none",
  });
  expect(converted.left.map(({ key }) => key)).toEqual(["dataset other"]);
  written(converted);
});

it("takes a config of TRL", () => {
  const config = { dataset_name: "owner/rows", max_steps: 200, warmup_ratio: 0.05, use_peft: true };
  const converted = convertConfig("trl", { model_name_or_path: "m", ...config, assistant_only_loss: true });
  expect(converted.datasets).toEqual([{ hub: "owner/rows" }]);
  expect(valuesOf(converted)).toMatchObject({
    "finetune.warmup_steps": 10,
    "finetune.lora.r": 16,
    "mix.max_seq_tokens": 1024,
    "mix.train_on.roles": ["assistant"],
  });
  expect(converted.left).toEqual([]);
  written(converted);
});

it("takes plain texts as plain text, and names a config without datasets", () => {
  const texts = convertConfig("axolotl", {
    base_model: "m",
    datasets: [{ path: "a.jsonl", type: "completion" }],
  });
  expect(valuesOf(texts)).toMatchObject({ "mix.render": "text", "finetune.objective": "pretrain" });
  written(texts);
  expect(written(convertConfig("trl", { learning_rate: 1e-4 }))).toContain(
    "# No dataset was found: put yours",
  );
});
