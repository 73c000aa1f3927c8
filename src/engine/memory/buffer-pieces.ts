/** What can be done with flat buffers that cannot be written into: those of a GPU, or of TensorFlow.js. */
export interface BufferOps<B> {
  zeros(length: number): Promise<B>;
  /** Elements [start, end). */
  slice(buffer: B, start: number, end: number): Promise<B>;
  concat(buffers: readonly B[]): Promise<B>;
  dispose(buffer: B): void;
}

/**
 * Elements [start, end) of a storage. Without a buffer they are zeros, which are made when they are first
 * read.
 */
interface Piece<B> {
  start: number;
  end: number;
  buffer: B | null;
}

/** A buffer to compute with. The reader must dispose of a temporary one. */
export interface Loan<B> {
  buffer: B;
  isTemporary: boolean;
}

/**
 * Memory that is written in part, made of buffers that are only ever replaced: a row of pieces without gaps.
 *
 *   write [4, 8):   │ 0 … 12 zeros │   →   │ 0 … 4 zeros │ 4 … 8 new │ 8 … 12 zeros │
 *
 * A write replaces what it covers by a piece, and cuts pieces that it covers in part. A read joins the pieces
 * that it spans. So the tiles of an attention are joined once, when the whole is read, and zeros cost nothing
 * to cut.
 */
export class Pieces<B> {
  private readonly ops: BufferOps<B>;
  private pieces: Piece<B>[];

  constructor(ops: BufferOps<B>, length: number, buffer: B | null) {
    this.ops = ops;
    this.pieces = [{ start: 0, end: length, buffer }];
  }

  /** Elements [start, end) as one buffer. */
  async read(start: number, end: number): Promise<Loan<B>> {
    const parts = this.pieces.filter((piece) => piece.start < end && piece.end > start);
    const isWhole = parts[0]?.start === start && parts.at(-1)?.end === end;
    if (isWhole && parts.length === 1) {
      parts[0]!.buffer ??= await this.ops.zeros(end - start);
      return { buffer: parts[0]!.buffer, isTemporary: false };
    }
    const joined = await this.join(parts, start, end);
    if (!isWhole) return { buffer: joined, isTemporary: true };
    this.replace(start, end, [{ start, end, buffer: joined }]);
    for (const { buffer } of parts) if (buffer !== null) this.ops.dispose(buffer);
    return { buffer: joined, isTemporary: false };
  }

  /**
   * Replaces elements [start, end) by a buffer (null: by zeros), which belongs to the storage from then on.
   */
  async write(start: number, end: number, buffer: B | null): Promise<void> {
    const cut = this.pieces.filter((piece) => piece.start < end && piece.end > start);
    const kept: Piece<B>[] = [];
    for (const piece of cut) {
      if (piece.start < start) kept.push(await this.part(piece, piece.start, start));
      if (piece.end > end) kept.push(await this.part(piece, end, piece.end));
    }
    this.replace(start, end, [...kept, { start, end, buffer }]);
    for (const piece of cut) if (piece.buffer !== null) this.ops.dispose(piece.buffer);
  }

  dispose(): void {
    for (const { buffer } of this.pieces) if (buffer !== null) this.ops.dispose(buffer);
    this.pieces = [];
  }

  private replace(start: number, end: number, by: readonly Piece<B>[]): void {
    const others = this.pieces.filter((piece) => piece.end <= start || piece.start >= end);
    this.pieces = [...others, ...by].sort((a, b) => a.start - b.start);
  }

  private async part(piece: Piece<B>, start: number, end: number): Promise<Piece<B>> {
    if (piece.buffer === null) return { start, end, buffer: null };
    const buffer = await this.ops.slice(piece.buffer, start - piece.start, end - piece.start);
    return { start, end, buffer };
  }

  private async join(parts: readonly Piece<B>[], start: number, end: number): Promise<B> {
    const buffers: B[] = [];
    const temporary: B[] = [];
    for (const piece of parts) {
      const [from, to] = [Math.max(start, piece.start), Math.min(end, piece.end)];
      if (piece.buffer !== null && from === piece.start && to === piece.end) buffers.push(piece.buffer);
      else {
        const cut = (await this.part(piece, from, to)).buffer ?? (await this.ops.zeros(to - from));
        temporary.push(cut);
        buffers.push(cut);
      }
    }
    if (buffers.length === 1) return buffers[0]!;
    const joined = await this.ops.concat(buffers);
    for (const buffer of temporary) this.ops.dispose(buffer);
    return joined;
  }
}
