/** What one item adds to a mean: the mean is Σ sum / Σ weight. */
export interface Part {
  sum: number;
  weight: number;
}

/** Items by what they share, as places in the list of items. */
export type Clusters = readonly (readonly number[])[];

/**
 * Items that share a document stand together, in the order of their first ones; an item without a document
 * stands alone.
 */
export function clustersOf(places: readonly number[], documents: readonly (string | undefined)[]): Clusters {
  const clusters = new Map<string | number, number[]>();
  for (const place of places) {
    const key = documents[place] ?? place;
    const own = clusters.get(key);
    if (own) own.push(place);
    else clusters.set(key, [place]);
  }
  // What all items share tells none of them apart: then the interval is about this one document.
  return clusters.size === 1 ? places.map((place) => [place]) : [...clusters.values()];
}

/** Whether every item is right or wrong: then the mean is a share. */
export function isZeroOrOne(parts: readonly Part[]): boolean {
  return parts.every(({ sum, weight }) => weight === 1 && (sum === 0 || sum === 1));
}

/**
 * Degrees of freedom of an interval over clusters. Where a few clusters have most of the items, they are
 * fewer than their number says: (Σ sizes)² / Σ sizes² (Carter, Schnepel, Steigerwald 2017, for equal
 * correlations). With one item each, it is their number − 1.
 */
export function degreesOf(clusters: Clusters): number {
  const sizes = clusters.map(({ length }) => length);
  const items = sizes.reduce((sum, size) => sum + size, 0);
  const squares = sizes.reduce((sum, size) => sum + size * size, 0);
  return Math.max(1, (items * items) / squares - 1);
}
