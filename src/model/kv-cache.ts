import type { Tensor } from "../engine/device.ts";
import type { Network } from "./network.ts";
import { spansOf } from "./network.ts";

interface LayerCache {
  k: Tensor;
  v: Tensor;
  /** Rows of k and v: all positions in a global layer, a ring of `sliding_window` in a local one. */
  rows: number;
}

/**
 * Keys and values of what a sequence has seen, [(L/G)·n + (L−L/G)·min(n, w)] rows in all. In a ring, position p
 * lives in row p mod w: keys carry their rotary position, so the order of rows does not matter to attention.
 */
export class KeyValueCache {
  private readonly network: Network;
  private readonly layers: LayerCache[];

  /** `capacity`: the most positions there will be. */
  constructor(network: Network, capacity: number) {
    const { config, device } = network;
    const width = config.num_key_value_heads * config.head_dim;
    this.network = network;
    this.layers = config.layer_types.map((_, layer) => {
      const { window } = spansOf(config, layer, []);
      const rows = Math.min(capacity, window ?? capacity);
      return { k: device.zeros([rows, width]), v: device.zeros([rows, width]), rows };
    });
  }

  /** Takes the keys and values of a whole prompt, k and v [T, K·H], from position 0. */
  async fill(layer: number, k: Tensor, v: Tensor): Promise<void> {
    const length = k.shape[0]!;
    const { rows } = this.layers[layer]!;
    for (let start = Math.max(0, length - rows); start < length; ) {
      const row = start % rows;
      const end = Math.min(length, start + rows - row);
      await this.store(layer, row, start, end, k, v);
      start = end;
    }
  }

  /** Adds one position, k and v [1, K·H]; returns the rows its query sees, itself included. */
  async append(layer: number, position: number, k: Tensor, v: Tensor): Promise<{ k: Tensor; v: Tensor }> {
    const cache = this.layers[layer]!;
    await this.store(layer, position % cache.rows, 0, 1, k, v);
    const seen = Math.min(position + 1, cache.rows);
    const { device } = this.network;
    return { k: device.rows(cache.k, 0, seen), v: device.rows(cache.v, 0, seen) };
  }

  release(): void {
    for (const { k, v } of this.layers) this.network.device.release(k, v);
  }

  /** Copies rows [start, end) of k and v to rows from `row` on. */
  private async store(
    layer: number,
    row: number,
    start: number,
    end: number,
    k: Tensor,
    v: Tensor,
  ): Promise<void> {
    const { device } = this.network;
    const cache = this.layers[layer]!;
    for (const [from, to] of [
      [k, cache.k],
      [v, cache.v],
    ] as const) {
      const rows = await device.read(device.rows(from, start, end));
      await device.write(device.rows(to, row, row + end - start), rows);
    }
  }
}
