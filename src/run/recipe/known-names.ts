import { knownOptions } from "../../recipe/named.ts";
import type { Known } from "./check-recipe.ts";

/** The catalogs. Imported when first asked for: reading a recipe is all that needs them. */
export async function knownNames(): Promise<Known> {
  const { datasetCatalog } = await import("../../datasets/catalog/entries/index.ts");
  const { optionsOfDataset } = await import("../../datasets/catalog/catalog-options.ts");
  const { formatCatalog } = await import("../../datasets/rows/formats/index.ts");
  const { optionsOf } = await import("../../datasets/rows/format.ts");
  const { filterCatalog } = await import("../../datasets/curate/filters/index.ts");
  const { builderCatalog } = await import("../../datasets/documents/builders/index.ts");
  const { benchmarkCatalog } = await import("../../eval/benchmarks/index.ts");
  const { scorerCatalog } = await import("../../eval/scorers/index.ts");
  const { optimizerCatalog } = await import("../../finetune/optimizers/index.ts");
  const { recipeOptions } = await import("../../finetune/update/rule.ts");
  return {
    datasets: mapValues(datasetCatalog, optionsOfDataset),
    formats: mapValues(formatCatalog, optionsOf),
    filters: knownOptions(filterCatalog),
    builders: knownOptions(builderCatalog),
    benchmarks: knownOptions(benchmarkCatalog),
    scorers: Object.keys(scorerCatalog),
    optimizers: mapValues(optimizerCatalog, recipeOptions),
  };
}

function mapValues<V, W>(of: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, map(value)]));
}
