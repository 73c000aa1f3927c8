import type { MixSpec, Recipe } from "../contracts/recipe.ts";

/** How an example becomes tokens: `mix.render`. */
export type Render = MixSpec["render"];

/** What a mix is made by: `renders` has, by name, the datasets that are rendered in their own way. */
export type RenderingMix = MixSpec & { renders?: Readonly<Record<string, Render>> };

/** How each dataset of a recipe is rendered, by name: as it says itself, else as the mix says. */
export function rendersOf({ data, mix }: Pick<Recipe, "data" | "mix">): Record<string, Render> {
  return Object.fromEntries(data.datasets.map(({ name, render = mix.render }) => [name, render]));
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
