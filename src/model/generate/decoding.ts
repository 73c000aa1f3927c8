import type { Tensor } from "../../engine/device.ts";
import { windowOf } from "../config/layers.ts";
import { recentRows } from "../layers/decode-step.ts";
import { embed, layerFeeds, type Network, positionFeeds } from "../network.ts";
import { type KeyValueCache, runs } from "./kv-cache.ts";
import { logitsOf } from "./prefill.ts";

/** Keys and values. */
type Sides = { k: Tensor; v: Tensor };
const sides = ["k", "v"] as const;

/** Keys and values of one layer. Shapes: see layers/decode-step.ts. */
interface LayerRows {
  /** Keys that a token sees, itself included; null: all before it. */
  window: number | null;
  /**
   * Packed rows by group, [n, K, C, H]: position p is in row p mod C. In a local layer all sequences are one
   * group, whose rows are rings. In a global layer every sequence is a group, because their numbers of rows
   * differ.
   */
  groups: Sides[];
  /** Of all sequences, [B, K, R, H]. */
  recent: Sides;
}

/** Packed rows grow by this many. Those that are not filled yet cost as much to read as the others. */
const growth = 64;

/**
 * Sequences that are continued side by side, one token of each at a time. Their caches are taken over into a
 * form that a step reads faster.
 */
export class Decoding {
  private readonly network: Network;
  private readonly layers: LayerRows[] = [];
  /** How many positions are packed, of each sequence. */
  private ends: number[];
  /** Rows of `recent` that are filled, the same for all sequences. */
  private filled = 0;

  private constructor(network: Network, ends: number[]) {
    this.network = network;
    this.ends = ends;
  }

  /** Empties the caches, layer by layer, so that little is in memory twice. */
  static async of(network: Network, caches: readonly KeyValueCache[]): Promise<Decoding> {
    const decoding = new Decoding(
      network,
      caches.map(({ length }) => length),
    );
    for (const [layer, type] of network.config.layer_types.entries()) {
      const window = windowOf(network.config, type);
      const groups: Sides[] = [];
      for (const members of window === null ? caches.map((cache) => [cache]) : [caches]) {
        groups.push(await decoding.packCaches(members, layer, window));
      }
      decoding.layers.push({ window, groups, recent: decoding.noRecent(caches.length) });
    }
    return decoding;
  }

  /** The next token of every sequence, ids [B] → logits [B, V] of what follows, on the host. */
  async step(ids: Int32Array): Promise<Float32Array> {
    if (this.filled === recentRows) await this.packRecent();
    const { network, filled, ends } = this;
    const { device } = network;
    const positions = Int32Array.from(ends, (end) => end + filled);
    const rope = positionFeeds(network, positions);
    const slot = new Float32Array(recentRows);
    slot[filled] = 1;
    const shared: Record<string, Tensor> = { ...rope, slot: device.upload(slot, [recentRows, 1]) };
    const masks = new Map<number | null, Record<string, Tensor>>();
    let x = await embed(network, ids);
    for (const [layer, { window, groups, recent }] of this.layers.entries()) {
      const packed: Record<string, Tensor> = {};
      for (const [g, { k, v }] of groups.entries()) {
        packed[`packed.k.${g}`] = k;
        packed[`packed.v.${g}`] = v;
      }
      const mask = masks.get(window) ?? this.masks(window, groups);
      masks.set(window, mask);
      const own = { x, "recent.k": recent.k, "recent.v": recent.v, ...packed, ...mask };
      const program = await network.step(groups.map(({ k }) => k.shape[0]!));
      const { y } = await program.run(
        { ...layerFeeds(network, layer), ...shared, ...own },
        { "next.k": recent.k, "next.v": recent.v },
      );
      device.release(x);
      x = y!;
    }
    this.filled++;
    const logits = await logitsOf(network, x);
    device.release(x);
    return logits;
  }

  /**
   * Goes on with some sequences only: their present places, in ascending order. The rows of others are
   * released.
   */
  async keep(places: readonly number[]): Promise<void> {
    if (places.length === this.ends.length) return;
    const { device } = this.network;
    for (const layer of this.layers) {
      if (layer.window === null) {
        const kept = places.map((i) => layer.groups[i]!);
        for (const group of layer.groups) if (!kept.includes(group)) device.release(group.k, group.v);
        layer.groups = kept;
      } else layer.groups = [await this.choose(layer.groups[0]!, places)];
      layer.recent = await this.choose(layer.recent, places);
    }
    this.ends = places.map((i) => this.ends[i]!);
  }

  release(): void {
    for (const { groups, recent } of this.layers.splice(0)) {
      for (const { k, v } of [...groups, recent]) this.network.device.release(k, v);
    }
  }

  /** The rows of some caches as one group. */
  private async packCaches(
    caches: readonly KeyValueCache[],
    layer: number,
    window: number | null,
  ): Promise<Sides> {
    const { config, device } = this.network;
    const { num_key_value_heads: K, head_dim: H } = config;
    const C = packedRows(
      caches.map(({ length }) => length),
      window,
    );
    const size = K * C * H;
    const values = { k: new Float32Array(caches.length * size), v: new Float32Array(caches.length * size) };
    for (const [i, cache] of caches.entries()) {
      const taken = await cache.take(layer, C);
      for (const side of sides) {
        const rows = taken[side];
        const start = cache.length - rows.length / (K * H);
        for (let at = 0; at < rows.length; at += H) {
          const [p, head] = [start + Math.floor(at / (K * H)), (at / H) % K];
          values[side].set(rows.subarray(at, at + H), i * size + (head * C + (p % C)) * H);
        }
      }
    }
    const packed = { k: device.empty([caches.length, K, C, H]), v: device.empty([caches.length, K, C, H]) };
    for (const side of sides) await device.write(packed[side], values[side]);
    return packed;
  }

  /** Packs the recent rows. In a ring they replace rows that no token will see again. */
  private async packRecent(): Promise<void> {
    const { device, config } = this.network;
    const { num_key_value_heads: K, head_dim: H } = config;
    for (const { window, groups, recent } of this.layers) {
      const added = { k: await device.read(recent.k), v: await device.read(recent.v) };
      let place = 0;
      for (const [g, group] of groups.entries()) {
        const n = group.k.shape[0]!;
        const ends = this.ends.slice(place, place + n);
        const C = packedRows(
          ends.map((end) => end + recentRows),
          window,
        );
        if (C > group.k.shape[2]!) groups[g] = await this.grow(group, C);
        for (const side of sides) {
          const flat = device.reshape(groups[g]![side], [n * K * C, H]);
          for (const [i, end] of ends.entries()) {
            for (let head = 0; head < K; head++) {
              for (const [row, start, count] of runs(end, end + recentRows, C)) {
                const from = (((place + i) * K + head) * recentRows + start - end) * H;
                const to = (i * K + head) * C + row;
                const values = added[side].subarray(from, from + count * H);
                await device.write(device.rows(flat, to, to + count), values);
              }
            }
          }
        }
        place += n;
      }
      await device.clear(recent.k);
      await device.clear(recent.v);
    }
    this.ends = this.ends.map((end) => end + recentRows);
    this.filled = 0;
  }

  /** The same rows with room for more. A ring only grows as long as every position is in its own row. */
  private async grow(group: Sides, C: number): Promise<Sides> {
    const { device } = this.network;
    const [n, K, rows, H] = group.k.shape as [number, number, number, number];
    const larger = { k: device.zeros([n, K, C, H]), v: device.zeros([n, K, C, H]) };
    for (const side of sides) {
      const [old, flat] = [
        device.reshape(group[side], [n * K * rows, H]),
        device.reshape(larger[side], [n * K * C, H]),
      ];
      for (let head = 0; head < n * K; head++) {
        const kept = await device.read(device.rows(old, head * rows, (head + 1) * rows));
        await device.write(device.rows(flat, head * C, head * C + rows), kept);
      }
    }
    device.release(group.k, group.v);
    return larger;
  }

  /** Some sequences of tensors [sequences, …]. Releases `from`. */
  private async choose(from: Sides, places: readonly number[]): Promise<Sides> {
    const { device } = this.network;
    const shape = [places.length, ...from.k.shape.slice(1)];
    const chosen = { k: device.empty(shape), v: device.empty(shape) };
    for (const side of sides) {
      for (const [to, place] of places.entries()) {
        const own = await device.read(device.rows(from[side], place, place + 1));
        await device.write(device.rows(chosen[side], to, to + 1), own);
      }
    }
    device.release(from.k, from.v);
    return chosen;
  }

  /** The masks of a layer's groups, as feeds: `mask.<group>` [n, 1, 1, C + R]. */
  private masks(window: number | null, groups: readonly Sides[]): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    let place = 0;
    for (const [g, { k }] of groups.entries()) {
      const [n, , C] = k.shape as [number, number, number, number];
      const width = C + recentRows;
      const values = new Float32Array(n * width);
      for (let i = 0; i < n; i++) {
        const own = values.subarray(i * width, (i + 1) * width);
        fillMask(own, this.ends[place + i]!, this.filled, window);
      }
      feeds[`mask.${g}`] = this.network.device.upload(values, [n, 1, 1, width]);
      place += n;
    }
    return feeds;
  }

  private noRecent(sequences: number): Sides {
    const { device, config } = this.network;
    const shape = [sequences, config.num_key_value_heads, recentRows, config.head_dim];
    return { k: device.zeros(shape), v: device.zeros(shape) };
  }
}

/**
 * Rows for sequences of this many positions. A local layer needs what its window sees, or what is packed at
 * once.
 */
function packedRows(ends: readonly number[], window: number | null): number {
  const rows = Math.ceil(Math.max(...ends) / growth) * growth;
  return window === null ? rows : Math.min(rows, Math.max(recentRows, window - 1));
}

/**
 * Fills `mask` [C + R] with what the token at position end + n sees: 0 where it sees a row, −∞ elsewhere. C
 * rows are packed and hold the last positions before `end`. R are recent, and the token itself is row n of
 * them.
 */
export function fillMask(mask: Float32Array, end: number, n: number, window: number | null): void {
  const C = mask.length - recentRows;
  const first = window === null ? 0 : end + n - window + 1;
  mask.fill(Number.NEGATIVE_INFINITY);
  for (const [row, , count] of runs(Math.max(0, first, end - C), end, C)) mask.fill(0, row, row + count);
  mask.fill(0, C + Math.max(0, first - end), C + n + 1);
}
