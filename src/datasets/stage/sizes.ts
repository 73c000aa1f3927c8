/** Exact quantiles of integers, kept as a histogram. */
export class Sizes {
  private readonly counts = new Map<number, number>();
  private count = 0;

  add(size: number): void {
    this.counts.set(size, (this.counts.get(size) ?? 0) + 1);
    this.count++;
  }

  result(): { total: number; median: number; p90: number; max: number } {
    const ascending = [...this.counts].sort(([a], [b]) => a - b);
    /** The size at this share of all, in ascending order; 0 when there are none. */
    const at = (share: number): number => {
      let place = Math.min(this.count - 1, Math.floor(this.count * share));
      for (const [size, times] of ascending) {
        if (place < times) return size;
        place -= times;
      }
      return 0;
    };
    const total = ascending.reduce((sum, [size, times]) => sum + size * times, 0);
    return { total, median: at(0.5), p90: at(0.9), max: at(1) };
  }
}
