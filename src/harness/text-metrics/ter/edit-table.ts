/** What is done with a word of the prediction (or, to insert, of the reference). */
export const keep = 0;
export const substitute = 1;
export const remove = 2;
export const insert = 3;

/** Cells off the diagonal that are looked at, as in Tercom and sacrebleu. */
const beam = 25;
const unreached = 2 ** 30;

/**
 * Edit distances of texts of one length to a reference, within a beam around the diagonal, so that long texts
 * cost their length and not its square. Among ways of the same cost the choice is Tercom's.
 */
export interface EditTable {
  /** The distance of a text, which the texts after it are variants of, and how it comes about. */
  begin(words: readonly number[]): { edits: number; trace: number[] };
  /** The distance of a variant: other words from one place to before another. */
  variant(words: readonly number[], from: number, until: number): number;
}

export function editTable(reference: readonly number[], length: number): EditTable {
  const columns = reference.length + 1;
  const ratio = length > 0 ? reference.length / length : 1;
  const width = ratio / 2 > beam ? Math.ceil(ratio / 2 + beam) : beam;
  const starts = Array.from({ length: length + 1 }, (_, i) => Math.max(0, Math.floor(i * ratio) - width));
  const sizes = starts.map((start, i) => {
    const end = i === 0 || i === length ? columns : Math.min(columns, Math.floor(i * ratio) + width);
    return Math.max(0, end - start);
  });
  starts[0] = 0;
  sizes[0] = columns;
  const base = sizes.map((size) => new Int32Array(size));
  const other = sizes.map((size) => new Int32Array(size));
  const operations = sizes.map((size) => new Uint8Array(size).fill(insert));
  for (const rows of [base, other]) for (let j = 0; j < columns; j++) rows[0]![j] = j;

  function fillRow(place: number, word: number, above: Int32Array, row: Int32Array, done?: Uint8Array): void {
    const start = starts[place]!;
    const startAbove = starts[place - 1]!;
    const endAbove = startAbove + above.length;
    let diagonal = start > startAbove && start <= endAbove ? above[start - 1 - startAbove]! : unreached;
    let left = unreached;
    for (let at = 0; at < row.length; at++) {
      const j = start + at;
      const up = j < endAbove ? above[j - startAbove]! : unreached;
      let best = unreached;
      let operation = remove;
      if (j > 0) {
        const isSame = word === reference[j - 1];
        const cost = isSame ? diagonal : diagonal + 1;
        if (cost < best) {
          best = cost;
          operation = isSame ? keep : substitute;
        }
      }
      if (up + 1 < best) {
        best = up + 1;
        operation = remove;
      }
      if (left + 1 < best) {
        best = left + 1;
        operation = insert;
      }
      row[at] = best;
      if (done !== undefined) done[at] = operation;
      left = best;
      diagonal = up;
    }
  }

  return {
    begin(words) {
      for (const [i, word] of words.entries())
        fillRow(i + 1, word, base[i]!, base[i + 1]!, operations[i + 1]!);
      return { edits: base[length]!.at(-1)!, trace: traceOf(starts, operations, reference.length) };
    },
    variant(words, from, until) {
      for (let i = from; i < length; i++) {
        const row = other[i + 1]!;
        fillRow(i + 1, words[i]!, i === from ? base[i]! : other[i]!, row);
        // From here on the words are the same: so are the rows, but for what was saved before.
        const saved = i + 1 >= until ? offsetOf(base[i + 1]!, row) : undefined;
        if (saved !== undefined) return base[length]!.at(-1)! - saved;
      }
      return (from < length ? other : base)[length]!.at(-1)!;
    },
  };
}

/** How much less all costs of a row are than those of another; undefined where it is not the same for all. */
function offsetOf(row: Int32Array, other: Int32Array): number | undefined {
  let offset: number | undefined;
  for (let i = 0; i < row.length; i++) {
    const [one, two] = [row[i]!, other[i]!];
    if (one === unreached && two === unreached) continue;
    offset ??= one - two;
    if (one - two !== offset) return undefined;
  }
  return offset;
}

function traceOf(starts: readonly number[], operations: readonly Uint8Array[], columns: number): number[] {
  const trace: number[] = [];
  let [i, j] = [operations.length - 1, columns];
  while (i > 0 || j > 0) {
    const operation = operations[i]![j - starts[i]!]!;
    trace.push(operation);
    if (operation !== insert) i--;
    if (operation !== remove) j--;
  }
  return trace.reverse();
}
