import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { loadRecipe } from "../../src/run/recipe/load-recipe.ts";

it("an objective that does not fit what the mix renders is refused, not ignored", async () => {
  const recipe = packagePath("recipes", "quickstart.yaml");
  await expect(loadRecipe(recipe, ["finetune.objective=lcat"])).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining("expected text, which finetune.objective lcat learns from, got chat"),
  });
});
