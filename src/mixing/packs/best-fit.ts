/**
 * Best-fit decreasing: the longest first, each into the fullest pack that still has room. Returns indices of
 * `lengths` by pack. Every index is there exactly once; no pack is longer than `capacity`.
 *
 * capacity 8, lengths 5 4 3 3 1  →  [5 3] [4 3 1]
 *
 * Source: Johnson, "Near-optimal bin packing algorithms", 1973; for language models arXiv 2404.10830.
 */
export function packBestFit(lengths: ArrayLike<number>, capacity: number): number[][] {
  const order = Array.from({ length: lengths.length }, (_, i) => i);
  order.sort((a, b) => lengths[b]! - lengths[a]! || a - b);
  /** Packs by the room that is left in them. */
  const byRoom: number[][][] = Array.from({ length: capacity + 1 }, () => []);
  const packs: number[][] = [];
  // How many packs have each room, in a tree, so that the next is found in log(capacity) steps.
  const rooms = new RoomTree(capacity + 1);
  for (const index of order) {
    const length = lengths[index]!;
    if (length > capacity)
      throw new RangeError(`pack: expected a length of at most ${capacity}, got ${length}`);
    const room = rooms.firstFrom(length);
    let pack: number[];
    if (room < 0) {
      pack = [];
      packs.push(pack);
    } else {
      pack = byRoom[room]!.pop()!;
      rooms.add(room, -1);
    }
    pack.push(index);
    const left = (room < 0 ? capacity : room) - length;
    byRoom[left]!.push(pack);
    rooms.add(left, 1);
  }
  return packs;
}

/** Counts over [0, size) with "the first index ≥ i whose count is not 0" in logarithmic time. */
class RoomTree {
  private readonly leaves: number;
  private readonly counts: Int32Array;

  constructor(size: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(2, size)));
    this.counts = new Int32Array(2 * this.leaves);
  }

  add(index: number, change: number): void {
    for (let node = index + this.leaves; node >= 1; node >>= 1) this.counts[node]! += change;
  }

  firstFrom(index: number): number {
    let node = index + this.leaves;
    if (this.counts[node]! > 0) return index;
    // Up to the first ancestor with a non-empty right neighbour, then down to that neighbour's leftmost leaf.
    while (node > 1 && ((node & 1) === 1 || this.counts[node + 1] === 0)) node >>= 1;
    if (node <= 1) return -1;
    node++;
    while (node < this.leaves) node = this.counts[2 * node]! > 0 ? 2 * node : 2 * node + 1;
    return node - this.leaves;
  }
}
