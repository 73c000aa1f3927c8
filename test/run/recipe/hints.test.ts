import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { parseRecipeSource } from "../../../src/recipe/source.ts";
import { knownNames } from "../../../src/run/recipe/known-names.ts";
import { resolveRecipe } from "../../../src/run/recipe/load-recipe.ts";
import { writeSmallModel } from "../../small-model.ts";

let folder: string;
let base: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-hints-"));
  await writeSmallModel(join(folder, "model"));
  base = `model: { checkpoint: ${folder}/model }\ndata: { datasets: [{ catalog: moby-dick }] }\n`;
});

async function refused(text: string, overrides: string[] = []): Promise<ConfigError> {
  const source = parseRecipeSource("r.yaml", text);
  const error = await resolveRecipe(source, overrides, await knownNames()).then(
    () => expect.fail("expected a ConfigError"),
    (e: unknown) => e,
  );
  if (!(error instanceof ConfigError)) throw error;
  return error;
}

describe("a key at the wrong level", () => {
  it("is told where it belongs, as a file has it", async () => {
    const { problems } = await refused(
      `${base}mix:\n  lr: 0.001\nfinetune:\n  seed: 7\n  limit: 3\nmax_seq_tokens: 512\nlora: { r: 4 }\n`,
    );
    expect(problems).toEqual([
      "r.yaml:4: mix.lr: lr belongs in finetune: write lr: 0.001 under finetune",
      // Once `unknown key seed; did you mean seed?`.
      "r.yaml:6: finetune.seed: seed belongs at the top level: write seed: 7 at the top level",
      "r.yaml:7: finetune.limit: limit belongs in an entry of data.datasets or in an entry of eval.benchmarks or in " +
        "eval.harness",
      "r.yaml:8: max_seq_tokens: max_seq_tokens belongs in mix or in eval",
      "r.yaml:9: lora: lora belongs in finetune: write lora: {r: 4} under finetune",
    ]);
  });

  it("is told where it belongs, as the command line has it", async () => {
    expect((await refused(base, ["finetune.seed=7", "mix.lr=3e-4", "roles=[user]"])).problems).toEqual([
      "override roles=[user]: roles: roles belongs in mix.train_on: write mix.train_on.roles='[user]'",
      "override mix.lr=3e-4: mix.lr: lr belongs in finetune: write finetune.lr=0.0003",
      "override finetune.seed=7: finetune.seed: seed belongs at the top level: write seed=7",
    ]);
  });

  it("is told where dots do not nest", async () => {
    expect((await refused(`${base}finetune.lr: 0.001\n`)).problems).toEqual([
      "r.yaml:3: finetune.lr: a dot does not nest keys in a file: write lr: 0.001 under finetune",
    ]);
  });
});

describe("a key of another tool", () => {
  it("is told by its name here, with its value as it is written here", async () => {
    const { problems } = await refused(`${base}mix:
  sample_packing: true
  packing: true
finetune:
  gradient_accumulation_steps: 8
  warmup_ratio: 0.03
  lora_dropout: 0.05
lora_target: all
`);
    expect(problems).toEqual([
      "r.yaml:4: mix.sample_packing: unknown key sample_packing; here it is mix.packing: write packing: best_fit",
      'r.yaml:5: mix.packing: expected one of best_fit, none, got true; write "best_fit"',
      "r.yaml:7: finetune.gradient_accumulation_steps: unknown key gradient_accumulation_steps; here it is " +
        "finetune.packs_per_step (times per_device_train_batch_size or micro_batch_size, if you set one): " +
        "write packs_per_step: 8",
      "r.yaml:8: finetune.warmup_ratio: unknown key warmup_ratio; here it is finetune.warmup_steps, whole " +
        "number at least 0 (a number of steps: the ratio times the steps that zebra plan names)",
      "r.yaml:9: finetune.lora_dropout: unknown key lora_dropout; there is no such key here: adapters have no " +
        "dropout here",
      "r.yaml:10: lora_target: unknown key lora_target; here it is finetune.lora.target_modules: write " +
        "target_modules: [q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj] under finetune.lora",
    ]);
  });

  it("in a dataset is told by what it is there", async () => {
    const { problems } = await refused(
      `model: { checkpoint: ${folder}/model }
data:
  datasets:
    - hub: a/b
      type: sharegpt
      field_messages: turns
      roles_to_train: [assistant]
`,
    );
    const at = "data.datasets.0";
    expect(problems).toEqual([
      `r.yaml:5: ${at}.type: unknown key type; here it is ${at}.format (left out, it is told from the ` +
        "columns): write format: sharegpt",
      `r.yaml:6: ${at}.field_messages: unknown key field_messages; here it is ${at}.fields.messages: write ` +
        `messages: turns under ${at}.fields`,
      `r.yaml:7: ${at}.roles_to_train: unknown key roles_to_train; here it is mix.train_on.roles: write ` +
        "roles: [assistant] under mix.train_on",
    ]);
  });

  it("as one of many is told with the command that takes them all", async () => {
    const { message } = await refused(
      "base_model: a/b\nmicro_batch_size: 2\nsequence_len: 2048\nadapter: lora\n",
    );
    expect(message).toMatch(/config of Axolotl: zebra import-recipe r\.yaml writes a recipe from one\.$/);
    expect((await refused(`${base}lrr: 1\n`)).message).toMatch(/Every key is described in [^\n]+$/);
  });
});

it("recipes named in another script keep their runs apart", async () => {
  const named = async (file: string) =>
    (await resolveRecipe(parseRecipeSource(file, base), [], await knownNames())).output_dir;
  // Both were runs/unnamed.
  const [first, second] = [await named("\u65e5\u672c.yaml"), await named("\u4e2d\u56fd.yaml")];
  expect(first).toMatch(/^runs\/unnamed-[0-9a-f]{8}$/);
  expect(second).toMatch(/^runs\/unnamed-[0-9a-f]{8}$/);
  expect(first).not.toBe(second);
  expect(await named("Mix 2.yaml")).toBe("runs/Mix-2");
});
