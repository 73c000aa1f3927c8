import type { Device, Tensor } from "../../engine/device.ts";
import type { Tile } from "./tiles.ts";

/** Most values that kept masks take, 64 MiB of float32. The tiles of a local layer share a few masks. */
const cacheValues = 1 << 24;

/** What the Q queries of a tile see of its S keys: feeds of attention's inputs of these names. */
export interface Visible {
  /** [Q, S]: 0 where a query sees a key, −∞ elsewhere. */
  mask: Tensor;
  /** [Q, 1]: 1 where a query sees several keys, 0 where it sees only one. */
  seesSeveral: Tensor;
}

/** Masks of tiles. Tiles of the same geometry share one. */
export class MaskCache {
  private readonly device: Device;
  private readonly kept = new Map<string, Visible>();
  private values = 0;

  constructor(device: Device) {
    this.device = device;
  }

  /** What the queries of a tile see of its keys. The tensors belong to the cache: do not release them. */
  get(tile: Tile, window: number | null): Visible {
    const queries = tile.queryEnd - tile.queryStart;
    const offset = tile.queryStart - tile.keyStart;
    // A window no narrower than the tile hides nothing, so all such windows share the causal mask.
    const width = window !== null && window < offset + queries ? window : null;
    const key = `${queries} ${offset} ${width}`;
    const known = this.kept.get(key);
    if (known) return known;

    const visible = {
      mask: this.device.upload(tileMask(queries, offset, width), [queries, offset + queries]),
      seesSeveral: this.device.upload(seesSeveral(queries, offset, width), [queries, 1]),
    };
    this.values += queries * (offset + queries);
    if (this.values > cacheValues) {
      this.kept.clear();
      this.values = queries * (offset + queries);
    }
    this.kept.set(key, visible);
    return visible;
  }
}

/**
 * The mask of a tile of `queries` rows, [queries, offset + queries] row-major. Row i is the query at key
 * `offset + i`: it sees keys j with offset + i − window < j ≤ offset + i.
 */
export function tileMask(queries: number, offset: number, window: number | null): Float32Array {
  const keys = offset + queries;
  const mask = new Float32Array(queries * keys).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < queries; i++) {
    const last = offset + i;
    const first = window === null ? 0 : Math.max(0, last - window + 1);
    mask.fill(0, i * keys + first, i * keys + last + 1);
  }
  return mask;
}

function seesSeveral(queries: number, offset: number, window: number | null): Float32Array {
  return Float32Array.from({ length: queries }, (_, i) => (offset + i > 0 && window !== 1 ? 1 : 0));
}
