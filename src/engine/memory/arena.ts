/**
 * The books of ONNX Runtime's arena (BFCArena, `kNextPowerOfTwo`), which each compiled program has for what
 * lies between its inputs and outputs. It takes memory from the system in regions of powers of two, cuts them
 * into chunks, best fit, and gives nothing back. A chunk is cut only if it is twice as large as asked for. So
 * an arena holds more than its values ever do at a time.
 */
export interface Arena {
  take(bytes: number): Chunk;
  give(chunk: Chunk): void;
  /** Bytes that were ever handed out: of the rest of a region the system gives no memory. */
  touched(): number;
}

export interface Chunk {
  region: Region;
  start: number;
  bytes: number;
  isFree: boolean;
}

interface Region {
  /** In the order of their places; together they are the region. */
  chunks: Chunk[];
  /** Whether each piece of `pageBytes` was ever handed out. */
  pages: Uint8Array;
}

const alignment = 256;
const firstRegion = 1 << 20;
/** Larger than the system's, as exactness below is not needed. */
const pageBytes = 1 << 16;

export function openArena(): Arena {
  const regions: Region[] = [];
  let next = firstRegion;

  const extend = (bytes: number): Chunk => {
    const isLarger = bytes > next;
    while (bytes > next) next *= 2;
    const region: Region = { chunks: [], pages: new Uint8Array(Math.ceil(next / pageBytes)) };
    const chunk = { region, start: 0, bytes: next, isFree: true };
    region.chunks.push(chunk);
    regions.push(region);
    if (!isLarger) next *= 2;
    return chunk;
  };

  return {
    take(asked) {
      const bytes = Math.ceil(Math.max(asked, 1) / alignment) * alignment;
      let best: Chunk | undefined;
      for (const { chunks } of regions) {
        for (const chunk of chunks) {
          if (chunk.isFree && chunk.bytes >= bytes && (!best || chunk.bytes < best.bytes)) best = chunk;
        }
      }
      best ??= extend(bytes);
      if (best.bytes >= 2 * bytes) cut(best, bytes);
      best.isFree = false;
      const { region, start, bytes: given } = best;
      region.pages.fill(1, Math.floor(start / pageBytes), Math.ceil((start + given) / pageBytes));
      return best;
    },
    give(chunk) {
      chunk.isFree = true;
      joinFree(chunk.region, chunk);
    },
    touched: () =>
      pageBytes * regions.reduce((sum, { pages }) => sum + pages.reduce((count, page) => count + page, 0), 0),
  };
}

/** Leaves `bytes` in the chunk, and what comes after as another. */
function cut(chunk: Chunk, bytes: number): void {
  const { region, start } = chunk;
  const rest = { region, start: start + bytes, bytes: chunk.bytes - bytes, isFree: true };
  chunk.bytes = bytes;
  region.chunks.splice(region.chunks.indexOf(chunk) + 1, 0, rest);
}

function joinFree({ chunks }: Region, chunk: Chunk): void {
  const at = chunks.indexOf(chunk);
  const [before, after] = [chunks[at - 1], chunks[at + 1]];
  if (after?.isFree) {
    chunk.bytes += after.bytes;
    chunks.splice(at + 1, 1);
  }
  if (before?.isFree) {
    before.bytes += chunk.bytes;
    chunks.splice(at, 1);
  }
}
