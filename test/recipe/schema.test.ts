import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type {
  BenchmarkSpec,
  BuildSpec,
  CurateSpec,
  DatasetSpec,
  DecontaminateSpec,
  FieldsSpec,
  FilterSpec,
  FinetuneSpec,
  MixSpec,
  ModelSpec,
  NearDuplicatesSpec,
  Recipe,
} from "../../src/contracts/recipe.ts";
import { packagePath } from "../../src/package-root.ts";

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  $ref?: string;
  additionalProperties?: unknown;
  required?: string[];
  default?: unknown;
}

const schema = JSON.parse(readFileSync(packagePath("schema", "recipe.schema.json"), "utf8")) as Schema & {
  $defs: Record<string, Schema>;
};

/** Keys of the types, spelt so that a key too many or too few does not compile. */
const keys: Record<string, readonly string[]> = {
  model: keysOf<ModelSpec>({ checkpoint: 1, base: 1, config: 1, tokenizer: 1, group: 1, window: 1 }),
  build: keysOf<BuildSpec>({ name: 1, options: 1 }),
  dataset: keysOf<DatasetSpec>({
    build: 1,
    name: 1,
    catalog: 1,
    path: 1,
    hub: 1,
    revision: 1,
    config: 1,
    data_files: 1,
    split: 1,
    fields: 1,
    format: 1,
    join_consecutive: 1,
    task: 1,
    license: 1,
    limit: 1,
    options: 1,
  }),
  fields: keysOf<FieldsSpec>({
    messages: 1,
    role: 1,
    content: 1,
    train: 1,
    roles: 1,
    tools: 1,
    instruction: 1,
    input: 1,
    output: 1,
    history: 1,
    prompt: 1,
    response: 1,
    context: 1,
    system: 1,
    answers: 1,
    id: 1,
    document: 1,
  }),
  mix: keysOf<MixSpec>({
    max_seq_tokens: 1,
    render: 1,
    train_on: 1,
    over_length: 1,
    packing: 1,
    weights: 1,
    task_weights: 1,
    temperature: 1,
    long_fraction: 1,
    long_tokens: 1,
    length_buckets: 1,
    budget_tokens: 1,
    budget_supervised_tokens: 1,
    max_epochs: 1,
    validation_tokens: 1,
    loss_weights: 1,
    order: 1,
  }),
  finetune: keysOf<FinetuneSpec>({
    objective: 1,
    method: 1,
    lora: 1,
    device: 1,
    compute_dtype: 1,
    lr: 1,
    lr_schedule: 1,
    min_lr_ratio: 1,
    warmup_steps: 1,
    optimizer: 1,
    optimizer_options: 1,
    weight_decay: 1,
    adam_beta1: 1,
    adam_beta2: 1,
    adam_eps: 1,
    max_grad_norm: 1,
    epochs: 1,
    max_steps: 1,
    packs_per_step: 1,
    activation_checkpointing: 1,
    validate_every_steps: 1,
    checkpoint_every_steps: 1,
    keep_checkpoints: 1,
    save_dtype: 1,
  }),
  eval: keysOf<Recipe["eval"]>({ device: 1, benchmarks: 1, max_seq_tokens: 1 }),
  data: keysOf<Recipe["data"]>({ datasets: 1, licenses: 1, split: 1, curate: 1 }),
  curate: keysOf<CurateSpec>({
    pii: 1,
    filters: 1,
    decontaminate: 1,
    exact_duplicates: 1,
    near_duplicates: 1,
  }),
  filter: keysOf<FilterSpec>({ name: 1, options: 1 }),
  decontaminate: keysOf<DecontaminateSpec>({
    ngram_words: 1,
    splits: 1,
    files: 1,
    max_documents: 1,
    match_threshold: 1,
  }),
  nearDuplicates: keysOf<NearDuplicatesSpec>({
    shingle: 1,
    n_grams: 1,
    num_buckets: 1,
    hashes_per_bucket: 1,
    jaccard_threshold: 1,
    text: 1,
  }),
  benchmark: keysOf<BenchmarkSpec>({ name: 1, limit: 1, options: 1 }),
};

function keysOf<T>(shape: Record<keyof T, 1>): string[] {
  return Object.keys(shape);
}

it.each(Object.keys(schema.$defs))("%s has the keys of its type", (name) => {
  expect(Object.keys(schema.$defs[name]?.properties ?? {}).sort()).toEqual([...(keys[name] ?? [])].sort());
});

it("the root has the keys of Recipe", () => {
  const root = keysOf<Recipe>({
    name: 1,
    seed: 1,
    output_dir: 1,
    model: 1,
    data: 1,
    mix: 1,
    finetune: 1,
    eval: 1,
  });
  expect(Object.keys(schema.properties ?? {}).sort()).toEqual(root.sort());
});

it("every key is described for editors, and unknown ones are errors", () => {
  const bare: string[] = [];
  const visit = (node: Schema, path: string) => {
    if (node.$ref === undefined && node.description === undefined) bare.push(path);
    if (node.properties && node.additionalProperties !== false) bare.push(`${path}: additionalProperties`);
    for (const [key, property] of Object.entries(node.properties ?? {})) visit(property, `${path}.${key}`);
  };
  visit(schema, "recipe");
  for (const [name, node] of Object.entries(schema.$defs)) visit(node, name);
  expect(bare).toEqual([]);
});

it("every key of mix, finetune and eval has a default", () => {
  const without = ["mix", "finetune", "eval"].flatMap((name) =>
    Object.entries(schema.$defs[name]?.properties ?? {})
      .filter(([, property]) => property.default === undefined)
      .map(([key]) => `${name}.${key}`),
  );
  expect(without).toEqual([]);
});
