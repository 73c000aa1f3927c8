import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Recipe } from "../../../src/contracts/recipe.ts";
import { ConfigError } from "../../../src/errors.ts";
import { noOptions } from "../../../src/recipe/options.ts";
import { parseRecipeSource, readRecipeSource } from "../../../src/recipe/source.ts";
import { formatRecipe } from "../../../src/recipe/write.ts";
import type { Known } from "../../../src/run/recipe/check-recipe.ts";
import { resolveRecipe } from "../../../src/run/recipe/load-recipe.ts";
import { choice, mapping } from "../../../src/schema.ts";
import { writeSmallModel } from "../../small-model.ts";

const known: Known = {
  datasets: {
    sotu: mapping({ length: Type.Optional(choice(["short", "long"])) }),
    "moby-dick": noOptions,
  },
  scorers: ["exact_match", "f1", "rougeL"],
  formats: { markdown: mapping({ sections: Type.Optional(Type.Boolean()) }) },
  filters: {
    language: noOptions,
    length: mapping({ min_answer_chars: Type.Optional(Type.Integer({ minimum: 0 })) }),
  },
  builders: {
    needle: mapping({ target_tokens: Type.Optional(Type.Array(Type.Integer())) }),
    passkey: noOptions,
  },
  benchmarks: {
    "long-qa": noOptions,
    passkey: mapping({
      lengths: Type.Array(Type.Integer(), { default: [], expected: "a list of whole numbers from 1" }),
    }),
  },
  optimizers: {
    adamw: noOptions,
    lion: mapping({
      beta1: Type.Number({ maximum: 1, default: 0.9 }),
      beta2: Type.Number({ default: 0.99 }),
    }),
  },
};
let folder: string;
let checkpoint: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-recipe-"));
  checkpoint = join(folder, "checkpoint");
  await mkdir(join(folder, "empty"), { recursive: true });
  await mkdir(checkpoint);
  await writeSmallModel(checkpoint);
  await writeFile(join(folder, "notes.jsonl"), "{}\n");
});
afterAll(() => rm(folder, { recursive: true }));

const load = (text: string, overrides: string[] = []): Promise<Recipe> =>
  resolveRecipe(parseRecipeSource("r.yaml", text), overrides, known);

async function problemsOf(text: string, overrides: string[] = []): Promise<readonly string[]> {
  const error = await load(text, overrides).then(
    () => expect.fail("expected a ConfigError"),
    (e: unknown) => e,
  );
  if (!(error instanceof ConfigError)) throw error;
  expect(error.code).toBe("E_CONFIG");
  return error.problems;
}

const minimal = () => `model:
  checkpoint: ${checkpoint}
data:
  datasets:
    - catalog: sotu
`;

describe("defaults", () => {
  it("fills in every value, names from the file and the catalog", async () => {
    const recipe = await load(minimal());
    expect(recipe).toMatchObject({
      name: "r",
      seed: 42,
      output_dir: "runs/r",
      data: { datasets: [{ name: "sotu", catalog: "sotu" }], split: { validation: 0.04, test: 0.06 } },
      mix: { max_seq_tokens: 4096, render: "chat", weights: {} },
      finetune: {
        objective: "instruct",
        lora: { r: 8, target_modules: ["q_proj", "k_proj", "v_proj", "o_proj"] },
      },
      eval: { benchmarks: [], max_seq_tokens: 4096 },
    });
  });

  it("written out, loads as the same recipe", async () => {
    const recipe = await load(`${minimal()}    - path: ${folder}/notes.jsonl\n`, ["mix.weights={sotu: 2}"]);
    expect(recipe.data.datasets[1]?.name).toBe("notes");
    expect(await load(formatRecipe(recipe))).toEqual(recipe);
  });
});

it("a path in the home folder is written out, because ~ would be a folder of that name", async () => {
  const given = ["output_dir=~/r", "model.checkpoint=~/m", "data.datasets.0={path: ~/notes}"];
  const problems = await problemsOf(minimal(), given);
  const ends = ["r", "m", "notes"].map(
    (name) => `~/${name}; only a shell reads ~ as your home folder: write ${homedir()}/${name}`,
  );
  expect(problems.map((problem, i) => problem.endsWith(ends[i]!))).toEqual([true, true, true]);
});

describe("overrides", () => {
  it("are YAML values, reach into lists and make mappings on the way", async () => {
    const recipe = await load(minimal(), [
      "finetune.lr=3e-4",
      "data.datasets.0.limit=10",
      // As messages write it.
      "data.datasets[0].license=CC0-1.0",
      "mix.weights.sotu=0.5",
    ]);
    expect(recipe.finetune.lr).toBe(3e-4);
    expect(recipe.data.datasets[0]).toMatchObject({ limit: 10, license: "CC0-1.0" });
    expect(recipe.mix.weights).toEqual({ sotu: 0.5 });
  });

  it("append to a list at its end only", async () => {
    const recipe = await load(minimal(), ["data.datasets.1={catalog: moby-dick}"]);
    expect(recipe.data.datasets.map((d) => d.name)).toEqual(["sotu", "moby-dick"]);
    expect(await problemsOf(minimal(), ["data.datasets.7={catalog: moby-dick}"])).toEqual([
      "override data.datasets.7={catalog: moby-dick}: data.datasets: expected an index below 1, got 7",
    ]);
  });

  it("are named when they are at fault", async () => {
    expect(
      await problemsOf(minimal(), [
        "finetune.lrr=1",
        "seed",
        "finetune.epochs=none",
        "__proto__.x=1",
        "model.checkpoint.x=1",
      ]),
    ).toEqual([
      'override "seed": expected key.path=value, got no value',
      'override "__proto__.x=1": expected key.path=value, got the path "__proto__.x"',
      `override model.checkpoint.x=1: model.checkpoint: expected a mapping or a list, got "${checkpoint}"`,
      "override finetune.lrr=1: finetune.lrr: unknown key lrr; did you mean lr?",
      'override finetune.epochs=none: finetune.epochs: expected number greater than 0, got "none"',
    ]);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});

describe("problems", () => {
  it("name the optimizer and its option that are wrong", async () => {
    const of = async (finetune: string) => {
      const problems = await problemsOf(`${minimal()}finetune:\n${finetune}`);
      return problems.map((problem) => problem.replace(/^r\.yaml:\d+: finetune\./, ""));
    };
    expect(await of("  optimizer: lino\n")).toEqual([
      "optimizer: unknown optimizer lino; did you mean lion?",
    ]);
    expect(await of("  optimizer: lion\n  optimizer_options: { beta1: 2, bta2: 0.9 }\n")).toEqual([
      "optimizer_options.bta2: expected one of beta1, beta2, got bta2; did you mean beta2?",
      "optimizer_options.beta1: expected <= 1, got 2",
    ]);
    expect(await of("  optimizer_options: { beta1: 0.9 }\n")).toEqual([
      "optimizer_options.beta1: expected no options, got beta1",
    ]);
  });

  it("are all reported at once, with lines, nearest names and what was got", async () => {
    const text = `model:
  checkpoint: ${folder}/nowhere
data:
  datasets:
    - catalog: sotuu
    - catalog: sotu
      limit: 0
  split: { validation: 0.1, test: x }
finetune:
  lrr: 3e-4
  objective: instuct
  packs_per_step: 1.5
lr: 1
eval:
  benchmarks:
    - name: longqa
    - limit: 3
    - name: passkey
      options: { lengths: 512, trial: 2 }
`;
    expect(await problemsOf(text)).toEqual([
      "r.yaml:2: model.checkpoint: expected a checkpoint folder with config.json, got nothing at " +
        `${folder}/nowhere`,
      "r.yaml:5: data.datasets.0.catalog: unknown catalog entry sotuu; did you mean sotu?",
      "r.yaml:7: data.datasets.1.limit: expected whole number at least 1, got 0",
      'r.yaml:8: data.split.test: expected number between 0 and 1, got "x"',
      "r.yaml:10: finetune.lrr: unknown key lrr; did you mean lr?",
      'r.yaml:11: finetune.objective: expected one of instruct, lcat, pretrain, got "instuct"; did you ' +
        "mean instruct?",
      "r.yaml:12: finetune.packs_per_step: expected whole number at least 1, got 1.5",
      "r.yaml:13: lr: lr belongs in finetune: write lr: 1 under finetune",
      "r.yaml:16: eval.benchmarks.0.name: unknown benchmark longqa; did you mean long-qa?",
      "r.yaml:17: eval.benchmarks.1.name: expected text that is not empty, got nothing",
      // Once found out only when the evaluation began, after the training.
      "r.yaml:19: eval.benchmarks.2.options.trial: expected one of lengths, got trial",
      "r.yaml:19: eval.benchmarks.2.options.lengths: expected a list of whole numbers from 1, got 512",
    ]);
  });

  it("a key left empty is not a default", async () => {
    expect(await problemsOf(`${minimal()}mix:\n`)).toEqual(["r.yaml:6: mix: expected mapping, got nothing"]);
  });

  it("missing parts are reported where they belong", async () => {
    expect(await problemsOf("seed: 1\n")).toEqual([
      "r.yaml:1: model: expected mapping, got nothing",
      "r.yaml:1: data: expected mapping, got nothing",
    ]);
    expect(await problemsOf("- 1\n")).toEqual([
      "r.yaml:1: expected a mapping with model and data, got another value",
    ]);
  });

  it("syntax errors and repeated keys carry their line", () => {
    expect(() => parseRecipeSource("r.yaml", "seed: 1\nseed: 2\n")).toThrow(
      /r\.yaml:2: expected YAML, got: Map keys/,
    );
    expect(() => parseRecipeSource("r.yaml", "a: [1\nb: 2\n")).toThrow(/r\.yaml:\d: expected YAML/);
  });

  it("a path that is no recipe says what it is", async () => {
    await expect(readRecipeSource(join(folder, "no.yaml"))).rejects.toThrow(
      "expected a YAML recipe, got no such file",
    );
    await expect(readRecipeSource(folder)).rejects.toThrow("expected a YAML recipe, got a folder");
  });
});

describe("fields that exclude or need each other", () => {
  const problemsWith = (model: string, rest = "") =>
    problemsOf(`model: ${model}\ndata: { datasets: [{ catalog: sotu }] }\n${rest}`);

  it("checkpoint or config, and config needs a tokenizer", async () => {
    expect(await problemsWith("{}")).toEqual([
      "r.yaml:1: model: expected model.checkpoint or model.config, got neither",
    ]);
    const both = await problemsWith(
      `{ checkpoint: ${checkpoint}, config: ${checkpoint}/config.json, tokenizer: ${folder} }`,
    );
    expect(both[0]).toBe(
      "r.yaml:1: model.config: expected either model.checkpoint or model.config, got both",
    );
    expect(await problemsWith(`{ config: ${checkpoint}/config.json }`)).toEqual([
      "r.yaml:1: model.tokenizer: expected a folder that holds tokenizer.json, which model.config " +
        "needs, got nothing",
    ]);
  });

  it("folders must hold what they are for", async () => {
    expect(await problemsWith(`{ checkpoint: ${folder}/empty }`)).toEqual([
      "r.yaml:1: model.checkpoint: expected a checkpoint folder with config.json, got a folder without " +
        `it at ${folder}/empty, which is empty`,
    ]);
    expect(await problemsWith(`{ config: ${checkpoint}/config.json, tokenizer: ${folder}/empty }`)).toEqual([
      "r.yaml:1: model.tokenizer: expected a folder that holds tokenizer.json, got a folder without it " +
        `at ${folder}/empty`,
    ]);
  });

  // Refused beside path although Markdown reads `sections`.
  it("options belong to catalog entries and to formats of local files", async () => {
    const from = (source: string) =>
      `model: { checkpoint: ${checkpoint} }\ndata: { datasets: [{ ${source} }] }\n`;
    const plain = "mix: { render: text }\nfinetune: { objective: pretrain }\n";
    const local = await load(from(`path: ${folder}, format: markdown, options: { sections: true }`) + plain);
    expect(local.data.datasets[0]!.options).toEqual({ sections: true });
    const built = await load(from("catalog: sotu, options: { length: short }"));
    expect(built.data.datasets[0]!.options).toEqual({ length: "short" });
    expect(await problemsOf(from("hub: a/b, options: { sections: true }"))).toEqual([
      "r.yaml:2: data.datasets.0.options: expected options beside catalog or path only, got it beside hub",
    ]);
  });

  it("split beside path is one of the three, and beside hub any name", async () => {
    const from = (source: string) =>
      `model: { checkpoint: ${checkpoint} }\ndata: { datasets: [{ ${source} }] }\n`;
    expect((await load(from(`path: ${folder}, split: test`))).data.datasets[0]!.split).toBe("test");
    expect((await load(from("hub: a/b, split: train_sft"))).data.datasets[0]!.split).toBe("train_sft");
    expect(await problemsOf(from(`path: ${folder}, split: dev`))).toEqual([
      "r.yaml:2: data.datasets.0.split: expected one of train, validation, test beside path, got dev",
    ]);
  });

  it("group and window come together", async () => {
    expect(await problemsWith(`{ checkpoint: ${checkpoint}, group: 4 }`)).toEqual([
      "r.yaml:1: model.group: expected model.group and model.window together, got no model.window",
    ]);
  });

  it("something must be left to train on, and weights name datasets", async () => {
    const rest = "mix: { weights: { sotuu: 1 } }\neval: { datasets: [sotu, moby] }\n";
    const text =
      `model: { checkpoint: ${checkpoint} }\ndata: { datasets: [{ catalog: sotu }], split: { validation: ` +
      `0.5, test: 0.5 } }\n${rest}`;
    expect(await problemsOf(text)).toEqual([
      "r.yaml:2: data.split: expected validation + test below 1, got 1: nothing is left to train on. " +
        "Test data of your own is a dataset with `split: test` beside its path",
      "r.yaml:3: mix.weights.sotuu: unknown dataset sotuu; did you mean sotu?",
      "r.yaml:4: eval.datasets.1: unknown dataset moby; known are sotu",
    ]);
  });

  it("filters and builders are named, all wrong names at once", async () => {
    const text = `model: { checkpoint: ${checkpoint} }
data:
  datasets:
    - catalog: sotu
      build: { name: needel }
    - { catalog: moby-dick, build: { name: passkey } }
  curate:
    filters:
      - name: lenght
      - name: language
      - name: profanity
`;
    expect(await problemsOf(text)).toEqual([
      "r.yaml:5: data.datasets.0.build.name: unknown builder needel; did you mean needle?",
      "r.yaml:9: data.curate.filters.0.name: unknown filter lenght; did you mean length?",
      "r.yaml:11: data.curate.filters.2.name: unknown filter profanity; known are language, length",
    ]);
  });

  it("options of filters and builders are what theirs are, all wrong ones at once", async () => {
    const text = `model: { checkpoint: ${checkpoint} }
data:
  datasets:
    - catalog: sotu
      build:
        name: needle
        options:
          target_tokens: [64, many]
          targets: 3
  curate:
    filters:
      - { name: length, options: { min_answer_chars: -1 } }
      - { name: language, options: {} }
`;
    expect(await problemsOf(text)).toEqual([
      'r.yaml:8: data.datasets.0.build.options.target_tokens.1: expected integer, got [64,"many"]',
      "r.yaml:9: data.datasets.0.build.options.targets: expected one of target_tokens, got targets; did you mean target_tokens?",
      "r.yaml:12: data.curate.filters.0.options.min_answer_chars: expected >= 0, got -1",
    ]);
  });

  it("datasets: one source each, names of their own, files that are there", async () => {
    const text = `model: { checkpoint: ${checkpoint} }
data:
  datasets:
    - { catalog: sotu, path: x }
    - { catalog: sotu }
    - { catalog: sotu }
    - { path: ${folder}/no.jsonl }
    - { name: none }
`;
    expect(await problemsOf(text)).toEqual([
      "r.yaml:4: data.datasets.0.path: expected one of catalog, path and hub, got catalog and path",
      'r.yaml:5: data.datasets.1.name: expected a name that no other has, got "sotu", which data.datasets.0 ' +
        "has; set name",
      'r.yaml:6: data.datasets.2.name: expected a name that no other has, got "sotu", which data.datasets.0 ' +
        "has; set name",
      `r.yaml:7: data.datasets.3.path: expected a file or folder, got nothing at ${folder}/no.jsonl; did you mean ` +
        `${folder}/notes.jsonl?`,
      "r.yaml:8: data.datasets.4: expected catalog, path or hub, got none of them",
    ]);
  });
});
