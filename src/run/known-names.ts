import type { Known } from "./check-recipe.ts";

/** The catalogs. Imported when first asked for: reading a recipe is all that needs them. */
export async function knownNames(): Promise<Known> {
  const datasets = await import("../datasets/catalog/entries/index.ts");
  const filters = await import("../datasets/curate/filters/index.ts");
  const builders = await import("../datasets/documents/builders/index.ts");
  const { commonOptions } = await import("../datasets/documents/builder.ts");
  const benchmarks = await import("../eval/benchmarks/index.ts");
  const { optimizerCatalog } = await import("../finetune/optimizers/index.ts");
  const { recipeOptions } = await import("../finetune/update/rule.ts");
  return {
    datasets: Object.keys(datasets.datasetCatalog),
    filters: mapValues(filters.filterCatalog, ({ options }) => options),
    builders: mapValues(builders.builderCatalog, (builder) =>
      "open" in builder ? builder.options : { ...commonOptions, ...builder.options },
    ),
    benchmarks: benchmarks.benchmarkCatalog,
    optimizers: mapValues(optimizerCatalog, recipeOptions),
  };
}

function mapValues<V, W>(of: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value)]));
}
