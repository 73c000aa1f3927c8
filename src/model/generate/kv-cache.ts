import type { Tensor } from "../../engine/device.ts";
import { windowOf } from "../config/layers.ts";
import type { Network } from "../network.ts";

interface LayerCache {
  /** [rows, K·H] */
  k: Tensor;
  v: Tensor;
  /** All positions in a global layer, a ring of `sliding_window` rows in a local one. */
  rows: number;
  isRing: boolean;
}

/**
 * What n new queries attend to: keys and values [from + n, K·H]. The key of the first query is row `from`.
 */
export interface Seen {
  k: Tensor;
  v: Tensor;
  from: number;
  /** Releases the tensors that were made for this call. */
  release(): void;
}

/**
 * The keys and values of one sequence. Global layers keep a row for each of its n positions, local ones for
 * the last min(n, w), in a ring where position p is in row p mod w. Keys have their rotary positions in them,
 * so the order of rows does not matter to attention.
 */
export class KeyValueCache {
  /** How many positions are in the cache. */
  length = 0;
  readonly capacity: number;
  private readonly network: Network;
  private readonly layers: Map<number, LayerCache>;

  /** `capacity`: the most positions that there will be. */
  constructor(network: Network, capacity: number) {
    const { config, device } = network;
    const width = config.num_key_value_heads * config.head_dim;
    this.network = network;
    this.capacity = capacity;
    this.layers = new Map(
      config.layer_types.map((type, layer) => {
        const window = windowOf(config, type);
        const rows = Math.min(capacity, window ?? capacity);
        const [k, v] = [device.zeros([rows, width]), device.zeros([rows, width])];
        return [layer, { k, v, rows, isRing: window !== null }];
      }),
    );
  }

  /**
   * What n new positions of a layer see, in the order of positions: keys and values before them and their
   * own, k and v [n, K·H]. With `commit` these stay in the cache (raise `length` once every layer has them),
   * else they are forgotten.
   */
  async extend(layer: number, k: Tensor, v: Tensor, commit: boolean): Promise<Seen> {
    const cache = this.layers.get(layer)!;
    const { device } = this.network;
    const n = k.shape[0]!;
    const end = this.length + n;
    if (!cache.isRing) {
      // Rows past `length` are free, so what is not committed may lie there, too.
      await this.copy(k, 0, cache.k, this.length, n);
      await this.copy(v, 0, cache.v, this.length, n);
      const seen = { k: device.rows(cache.k, 0, end), v: device.rows(cache.v, 0, end) };
      return { ...seen, from: this.length, release: () => {} };
    }
    const from = Math.min(this.length, cache.rows - 1);
    const seen = { k: device.empty([from + n, k.shape[1]!]), v: device.empty([from + n, k.shape[1]!]) };
    for (const [kept, added, all] of [
      [cache.k, k, seen.k],
      [cache.v, v, seen.v],
    ] as const) {
      for (const [row, start, count] of runs(this.length - from, this.length, cache.rows)) {
        await this.copy(kept, row, all, start - (this.length - from), count);
      }
      await this.copy(added, 0, all, from, n);
      if (!commit) continue;
      for (const [row, start, count] of runs(Math.max(this.length, end - cache.rows), end, cache.rows)) {
        await this.copy(added, start - this.length, kept, row, count);
      }
    }
    return { ...seen, from, release: () => device.release(seen.k, seen.v) };
  }

  /** Removes a layer: its last rows, at most `most`, [rows, K·H] on the host, in the order of positions. */
  async take(layer: number, most: number): Promise<{ k: Float32Array; v: Float32Array }> {
    const { rows, ...cache } = this.layers.get(layer)!;
    const { device } = this.network;
    const width = cache.k.shape[1]!;
    const from = this.length - Math.min(this.length, rows, most);
    const taken = async (side: "k" | "v") => {
      const all = (await device.read(cache[side])) as Float32Array;
      const values = new Float32Array((this.length - from) * width);
      for (const [row, start, count] of runs(from, this.length, rows)) {
        values.set(all.subarray(row * width, (row + count) * width), (start - from) * width);
      }
      device.release(cache[side]);
      return values;
    };
    this.layers.delete(layer);
    return { k: await taken("k"), v: await taken("v") };
  }

  /** A new cache with the same positions. */
  async fork(capacity: number): Promise<KeyValueCache> {
    const other = new KeyValueCache(this.network, capacity);
    for (const [layer, from] of this.layers) {
      const to = other.layers.get(layer)!;
      // Rings of other sizes keep a position in other rows.
      const kept = Math.min(this.length, from.rows, to.rows);
      for (let p = this.length - kept; p < this.length; ) {
        const [row, toRow] = [p % from.rows, p % to.rows];
        const count = Math.min(this.length - p, from.rows - row, to.rows - toRow);
        await this.copy(from.k, row, to.k, toRow, count);
        await this.copy(from.v, row, to.v, toRow, count);
        p += count;
      }
    }
    other.length = this.length;
    return other;
  }

  release(): void {
    for (const { k, v } of this.layers.values()) this.network.device.release(k, v);
  }

  private async copy(from: Tensor, row: number, to: Tensor, toRow: number, count: number): Promise<void> {
    const { device } = this.network;
    const rows = await device.read(device.rows(from, row, row + count));
    await device.write(device.rows(to, toRow, toRow + count), rows);
  }
}

/**
 * Positions [start, end) of a ring of `rows` rows, as runs of rows beside each other: [row, first position,
 * count].
 */
export function* runs(
  start: number,
  end: number,
  rows: number,
): Generator<[row: number, start: number, count: number]> {
  for (let p = start; p < end; ) {
    const row = p % rows;
    const count = Math.min(end - p, rows - row);
    yield [row, p, count];
    p += count;
  }
}
