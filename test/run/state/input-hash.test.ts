import { expect, it } from "vitest";
import { packagePath } from "../../../src/package-root.ts";
import { loadRecipe } from "../../../src/run/recipe/load-recipe.ts";
import { inputHash } from "../../../src/run/state/input-hash.ts";

const load = (...overrides: string[]) => loadRecipe(packagePath("recipes", "quickstart.yaml"), overrides);

it("how a dataset is rendered is the mix's: packs are made anew, the data stay", async () => {
  const [chats, mixed] = [await load(), await load("data.datasets.1.render=text")];
  expect(await inputHash("data", mixed)).toBe(await inputHash("data", chats));
  expect(await inputHash("mix", mixed)).not.toBe(await inputHash("mix", chats));
  // Said beside the dataset or left to the mix, it is the same mix.
  expect(await inputHash("mix", await load("data.datasets.1.render=chat"))).toBe(
    await inputHash("mix", chats),
  );
});
