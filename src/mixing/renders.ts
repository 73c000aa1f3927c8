import type { MixSpec, Recipe } from "../contracts/recipe.ts";
import { isOfDocuments } from "../datasets/sources/of-documents.ts";

/** How an example becomes tokens: `mix.render`. */
export type Render = MixSpec["render"];

/** What a mix is made by: `renders` has, by name, the datasets that are rendered in their own way. */
export type RenderingMix = MixSpec & { renders?: Readonly<Record<string, Render>> };

type Rendered = Pick<Recipe, "data" | "mix">;

/**
 * How each dataset of a recipe is rendered, by name: as it says itself, else as the mix says. But plain
 * documents that nothing is said of are plain text, as they would be no chats.
 */
export async function rendersOf(recipe: Rendered): Promise<Record<string, Render>> {
  const plain = await plainDocuments(recipe);
  return Object.fromEntries(
    recipe.data.datasets.map(({ name, render = recipe.mix.render }) => [
      name,
      plain.includes(name) ? "text" : render,
    ]),
  );
}

/** Datasets of documents in a mix of chats for which the recipe does not say how they become examples. */
export async function plainDocuments({ data, mix }: Rendered): Promise<string[]> {
  if (mix.render === "text") return [];
  const open = data.datasets.filter(({ render }) => render === undefined);
  const are = await Promise.all(open.map(isOfDocuments));
  return open.filter((_, i) => are[i]).map(({ name }) => name);
}

/** The mix as it holds for the examples of a dataset. */
export function mixFor(mix: RenderingMix, dataset: string): MixSpec {
  const render = mix.renders?.[dataset];
  return render === undefined || render === mix.render ? mix : { ...mix, render };
}

/** Whether any dataset is rendered so. */
export function hasRender(mix: Pick<RenderingMix, "render" | "renders">, wanted: Render): boolean {
  const own = Object.values(mix.renders ?? {});
  return (own.length === 0 ? [mix.render] : own).includes(wanted);
}
