import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { loadRecipe } from "../../src/run/recipe/load-recipe.ts";

it("an objective that does not fit what the mix renders is refused, not ignored", async () => {
  const recipe = packagePath("recipes", "quickstart.yaml");
  const chats = [3, 4, 5].map((n) => `data.datasets.${n}.render=chat`);
  await expect(loadRecipe(recipe, ["finetune.objective=lcat", ...chats])).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining("expected text, which finetune.objective lcat learns from, got chat"),
  });
});

it("a dataset of the other kind may stand beside, and one that fits must be there", async () => {
  const recipe = packagePath("recipes", "quickstart.yaml");
  const text = (n: number) => `data.datasets.${n}.render=text`;
  expect((await loadRecipe(recipe, [text(0)])).data.datasets[0]!.render).toBe("text");
  expect((await loadRecipe(recipe, ["finetune.objective=lcat", text(0)])).mix.render).toBe("chat");
  await expect(loadRecipe(recipe, [text(0), text(1), text(2)])).rejects.toThrow(
    "expected chat, which finetune.objective instruct learns from, got no dataset that is rendered so",
  );
});
