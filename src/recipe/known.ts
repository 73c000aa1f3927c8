import type { Known } from "./cross-check.ts";

/** The catalogs. Imported when first asked for: reading a recipe is all that needs them. */
export async function knownNames(): Promise<Known> {
  const datasets = await import("../datasets/catalog/index.ts");
  const filters = await import("../datasets/filters/index.ts");
  const builders = await import("../datasets/builders/index.ts");
  const benchmarks = await import("../eval/benchmarks/index.ts");
  return {
    datasets: Object.keys(datasets.catalog),
    filters: Object.keys(filters.catalog),
    builders: Object.keys(builders.catalog),
    benchmarks: benchmarks.catalog,
  };
}
