import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { noOptions } from "../../../src/recipe/options.ts";
import { parseRecipeSource } from "../../../src/recipe/source.ts";
import { resolveRecipe } from "../../../src/run/recipe/load-recipe.ts";
import { inputHash } from "../../../src/run/state/input-hash.ts";
import { modelsOf, withTemplates } from "../../../src/run/state/models.ts";
import { writeSmallModel } from "../../small-model.ts";
import { nanoDir } from "../../tokenizer/fixtures.ts";
import { publicForms } from "../../tokenizer/public-forms.ts";

const none = { datasets: {}, formats: {}, filters: {}, builders: {}, benchmarks: {}, scorers: [] };

async function recipeOf(dir: string, ...overrides: string[]) {
  const notes = join(mkdtempSync(join(tmpdir(), "zebratune-template-")), "notes.jsonl");
  writeFileSync(notes, "{}\n");
  await writeSmallModel(dir);
  const text = `model:\n  checkpoint: ${dir}\ndata:\n  datasets:\n    - path: ${notes}\n`;
  return resolveRecipe(parseRecipeSource("r.yaml", text), overrides, {
    ...none,
    optimizers: { adamw: noOptions },
  });
}

async function problemsOf(dir: string, ...overrides: string[]): Promise<readonly string[]> {
  const error = await recipeOf(dir, ...overrides).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error === undefined) return [];
  if (!(error instanceof ConfigError)) throw error;
  return error.problems;
}

describe("a tokenizer without a chat template", () => {
  it("needs one in a recipe of chats, not in one of plain text", async () => {
    const dir = publicForms.SmolLM2();
    const [problem, ...others] = await problemsOf(dir);
    expect(others).toEqual([]);
    expect(problem).toBe(
      "r.yaml:1: model.chat_template: expected chatml, llama3, zebra or a template's file, as the tokenizer " +
        `in ${dir} has no chat template, got nothing. Set it (chatml is the most common), or train on plain ` +
        "text: mix.render: text",
    );
    expect(await problemsOf(dir, "model.chat_template=chatml")).toEqual([]);
    expect(await problemsOf(dir, "mix.render=text", "finetune.objective=pretrain")).toEqual([]);
  });

  it("is told which special tokens a template needs and it lacks", async () => {
    const dir = publicForms["GPT-2"]();
    const [problem] = await problemsOf(dir, "model.chat_template=chatml");
    expect(problem).toContain(
      `expected a tokenizer with <|im_start|>, <|im_end|>, which chatml writes, got ${dir} without.`,
    );
  });
});

describe("model.chat_template", () => {
  it("is a known name or a file that parses", async () => {
    const dir = publicForms.SmolLM2();
    expect((await problemsOf(dir, "model.chat_template=chatlm"))[0]).toContain(
      "model.chat_template: expected chatml, llama3, zebra or a template's file, got nothing at chatlm",
    );
    const path = join(dir, "mine.jinja");
    writeFileSync(path, "{% for m in messages %}");
    expect((await problemsOf(dir, `model.chat_template=${path}`))[0]).toContain(
      "expected a chat template that parses",
    );
  });

  it("of a file has answers that can be trained with this tokenizer", async () => {
    const dir = publicForms.SmolLM2();
    const path = join(dir, "mine.jinja");
    writeFileSync(path, "{% for m in messages %}{{ '<|turn|>' + m.content + '<|stop|>' }}{% endfor %}");
    const [problem] = await problemsOf(dir, `model.chat_template=${path}`);
    expect(problem).toContain("expected a special token at the end of an answer");
    expect(problem).toContain("The tokenizer has no <|turn|>, <|stop|>.");
  });

  it("is part of the hashes of mix and after only where it is set, by what the file has", async () => {
    const plain = await recipeOf(publicForms.SmolLM2(), "model.chat_template=chatml");
    const { chat_template: _, ...model } = plain.model;
    const without = { ...plain, model };
    for (const stage of ["mix", "finetune", "eval"] as const)
      expect(await inputHash(stage, plain)).not.toBe(await inputHash(stage, without));
    expect(await inputHash("data", plain)).toBe(await inputHash("data", without));
    const path = join(mkdtempSync(join(tmpdir(), "zebratune-template-")), "mine.jinja");
    writeFileSync(path, "one");
    const named = { ...plain, model: { ...model, chat_template: path } };
    const before = await inputHash("mix", named);
    writeFileSync(path, "two");
    expect(await inputHash("mix", named)).not.toBe(before);
  });

  it("is what the model before training is asked with, and models named beside it that have none", async () => {
    const dir = publicForms.SmolLM2();
    const recipe = await recipeOf(dir, "model.chat_template=chatml");
    expect(modelsOf(recipe, "/r")).toEqual([
      { label: "before", dir, chatTemplate: "chatml" },
      { label: "after", dir: "/r/train/final" },
    ]);
    const named = [dir, nanoDir].map((dir, i) => ({ label: `${i}`, dir }));
    expect(await withTemplates(named, recipe)).toEqual([{ ...named[0]!, chatTemplate: "chatml" }, named[1]!]);
  });
});
