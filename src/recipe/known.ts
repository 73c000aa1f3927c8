import type { Known } from "./cross-check.ts";

/** The catalogs. Imported when first asked for: reading a recipe is all that needs them. */
export async function knownNames(): Promise<Known> {
  const datasets = await import("../datasets/catalog/index.ts");
  const benchmarks = await import("../eval/benchmarks/index.ts");
  return { datasets: Object.keys(datasets.catalog), benchmarks: benchmarks.catalog };
}
