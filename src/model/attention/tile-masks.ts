import type { Device, Tensor } from "../../engine/device.ts";
import type { Tile } from "./attention.ts";

/** Kept masks take at most this many values (64 MiB); tiles of a local layer share a few. */
const cacheValues = 1 << 24;

/** What the queries of a tile see, as attention's inputs. */
export interface Visible {
  /** [Q, S]: 0 where a query sees a key, −∞ elsewhere. */
  mask: Tensor;
  /** [Q, 1]: 0 where a query sees one key only, 1 elsewhere. */
  several: Tensor;
}

/** Masks of tiles. Equal geometries share one. */
export class MaskCache {
  private readonly device: Device;
  private readonly kept = new Map<string, Visible>();
  private values = 0;

  constructor(device: Device) {
    this.device = device;
  }

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
      several: this.device.upload(severalKeys(queries, offset, width), [queries, 1]),
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

/** Row i is the query at key `offset + i`: it sees keys j with offset + i − window < j ≤ offset + i. */
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

function severalKeys(queries: number, offset: number, window: number | null): Float32Array {
  return Float32Array.from({ length: queries }, (_, i) => (offset + i > 0 && window !== 1 ? 1 : 0));
}
