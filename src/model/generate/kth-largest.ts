/**
 * The k-th largest of n values, 1 ≤ k ≤ n, in an expected time of n, so that a vocabulary need not be sorted
 * to know its likeliest tokens. No value may be NaN. Source: Hoare, "Algorithm 65: Find", CACM 4(7), 1961.
 */
export function kthLargest(values: Float64Array, k: number): number {
  const a = values.slice();
  const wanted = a.length - k;
  let [low, high] = [0, a.length - 1];
  while (low < high) {
    const pivot = a[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i > j) break;
      const swapped = a[i]!;
      a[i++] = a[j]!;
      a[j--] = swapped;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return a[wanted]!;
}
