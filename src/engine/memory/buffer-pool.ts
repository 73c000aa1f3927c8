/**
 * Buffers to be used again. Fresh memory is expensive: the system zeroes every page when it is first
 * touched, which costs a training step a third of its time. Buffers come in size classes, eight for each
 * doubling, so that packs of different lengths share them. A buffer that comes back is kept, but the least
 * recently used ones go until free and used buffers together take no more than was ever in use at a time.
 */
export class BufferPool<B extends { readonly byteLength: number }> {
  private readonly free = new Map<number, B[]>();
  private freeBytes = 0;
  private usedBytes = 0;
  private peakBytes = 0;
  private readonly make: (bytes: number) => B;
  private readonly drop: (buffer: B) => void;

  /** `make` gives a new buffer, `drop` frees one that is not kept. */
  constructor(make: (bytes: number) => B, drop: (buffer: B) => void) {
    this.make = make;
    this.drop = drop;
  }

  /** A buffer of at least so many bytes, whose values are not set. */
  take(atLeast: number): B {
    const bytes = sizeClass(atLeast);
    const kept = this.free.get(bytes)?.pop();
    if (kept) this.freeBytes -= bytes;
    this.usedBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
    return kept ?? this.make(bytes);
  }

  /** Takes back a buffer that `take` gave out. */
  give(buffer: B): void {
    const bytes = buffer.byteLength;
    this.usedBytes -= bytes;
    while (this.freeBytes + this.usedBytes + bytes > this.peakBytes && this.dropOne()) {}
    const list = this.free.get(bytes) ?? [];
    list.push(buffer);
    // Move the class to the end: the first is the least recently used.
    this.free.delete(bytes);
    this.free.set(bytes, list);
    this.freeBytes += bytes;
  }

  private dropOne(): boolean {
    for (const [bytes, list] of this.free) {
      const dropped = list.pop();
      if (dropped) {
        this.freeBytes -= bytes;
        this.drop(dropped);
        return true;
      }
      this.free.delete(bytes);
    }
    return false;
  }
}

/**
 * A pool of memory. What it drops is given back to the system at once: left to the garbage collector, which
 * sees only the small objects that stand for buffers, it stays for many steps.
 */
export function hostPool(): BufferPool<ArrayBuffer> {
  return new BufferPool(
    (bytes) => new ArrayBuffer(bytes),
    (buffer) => buffer.transfer(0),
  );
}

/** The next of 2ⁿ · {8, 9, … 15} / 8 bytes. */
function sizeClass(bytes: number): number {
  const step = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 3));
  return Math.ceil(bytes / step) * step;
}
