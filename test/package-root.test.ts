import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packagePath, packageRoot, shippedNames, shippedOrLocal, shippedPath } from "../src/package-root.ts";
import { loadRecipe } from "../src/run/recipe/load-recipe.ts";
import { writeSmallModel } from "./small-model.ts";

it("what ships has a name", () => {
  expect(shippedNames("recipe")).toEqual(
    expect.arrayContaining(["lcat-nano", "pretrain-nano", "quickstart", "warm-nano"]),
  );
  expect(shippedNames("checkpoint")).toEqual(["zebra-nano-4k", "zebra-nano-lcat"]);
});

describe("from a folder of one's own", () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "elsewhere-")));
    process.chdir(folder);
  });
  afterEach(() => process.chdir(before));

  it("names and paths of the package are found in the package", () => {
    const quickstart = packagePath("recipes", "quickstart.yaml");
    for (const given of [
      "quickstart",
      "quickstart.yaml",
      "recipes/quickstart.yaml",
      "./recipes/quickstart.yaml",
    ])
      expect([given, shippedPath("recipe", given)]).toEqual([given, quickstart]);
    const nano = packagePath("checkpoints", "zebra-nano-lcat");
    for (const given of ["zebra-nano-lcat", "checkpoints/zebra-nano-lcat", "checkpoints/zebra-nano-lcat/"])
      expect([given, shippedOrLocal(given)]).toEqual([given, nano]);
    for (const given of [
      "nosuch",
      "recipes/../package.json",
      "../checkpoints",
      "checkpoints/..",
      "/etc/passwd",
    ])
      expect([given, shippedPath("recipe", given), shippedOrLocal(given)]).toEqual([given, undefined, given]);
  });

  it("every recipe that ships can be read, but for one that stands on another's run", async () => {
    const notes: string[] = [];
    for (const name of shippedNames("recipe").filter((one) => one !== "lcat-nano")) {
      const recipe = await loadRecipe(name, [], (note) => notes.push(note));
      expect([recipe.name, recipe.output_dir]).toEqual([name, `runs/${name}`]);
      expect(recipe.model.checkpoint ?? recipe.model.config).toContain(packageRoot());
    }
    expect(notes).toEqual([]);
  });

  it("a file here wins over what ships, and that is told", async () => {
    writeFileSync(
      "quickstart",
      "model: { checkpoint: zebra-nano-lcat }\ndata: { datasets: [{ path: . }] }\n",
    );
    await writeSmallModel("zebra-nano-lcat");
    const notes: string[] = [];
    const recipe = await loadRecipe("quickstart", ["mix.render=text", "finetune.objective=lcat"], (note) =>
      notes.push(note),
    );
    expect(recipe.model.checkpoint).toBe("zebra-nano-lcat");
    expect(notes).toEqual([
      `quickstart: this is the file here, not the recipe of that name that ships with zebratune (${packagePath("recipes", "quickstart.yaml")})`,
      `model.checkpoint: zebra-nano-lcat is what is here, not the checkpoint of that name that ships with zebratune (${packagePath("checkpoints", "zebra-nano-lcat")})`,
    ]);
  });

  it("a name that is neither a file nor shipped lists those that are", async () => {
    await expect(loadRecipe("nosuch")).rejects.toThrow(
      /expected a YAML recipe, got no such file\nRecipes that ship .* by name: lcat-nano, pretrain-nano, quickstart, warm-nano/,
    );
    await expect(loadRecipe("quickstrat")).rejects.toThrow("got no such file; did you mean quickstart?");
    writeFileSync("mine.yaml", "");
    await expect(loadRecipe("mine")).rejects.toThrow("got no such file; did you mean mine.yaml?");
  });
});
