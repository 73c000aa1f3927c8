/**
 * Float32 buffers to be used again. Fresh memory is expensive: the system zeroes every page when it is first
 * touched, which costs a training step a third of its time. Buffers come in size classes, eight for each
 * doubling, so that packs of different lengths share them. A buffer that comes back is kept, but the least
 * recently used ones go until free and used buffers together take no more than was ever in use at a time.
 */
export class BufferPool {
  private readonly free = new Map<number, ArrayBuffer[]>();
  private freeBytes = 0;
  private usedBytes = 0;
  private peakBytes = 0;

  /** An array of this length, whose values are not set. */
  take(length: number): Float32Array {
    const bytes = sizeClass(length * 4);
    const kept = this.free.get(bytes)?.pop();
    if (kept) this.freeBytes -= bytes;
    this.usedBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
    return new Float32Array(kept ?? new ArrayBuffer(bytes), 0, length);
  }

  /** Takes back an array that `take` gave out. */
  give(array: Float32Array): void {
    const { buffer } = array;
    const bytes = buffer.byteLength;
    this.usedBytes -= bytes;
    if (!(buffer instanceof ArrayBuffer)) return;
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
      if (list.pop()) {
        this.freeBytes -= bytes;
        return true;
      }
      this.free.delete(bytes);
    }
    return false;
  }
}

/** The next of 2ⁿ · {8, 9, … 15} / 8 bytes. */
function sizeClass(bytes: number): number {
  const step = Math.max(64, 2 ** (Math.floor(Math.log2(Math.max(bytes, 1))) - 3));
  return Math.ceil(bytes / step) * step;
}
