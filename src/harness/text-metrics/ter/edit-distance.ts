/** What is done with a word of the prediction (or, to insert, of the reference). */
export const keep = 0;
export const substitute = 1;
export const remove = 2;
export const insert = 3;

export interface Distance {
  edits: number;
  /** From the texts' beginning. */
  trace: number[];
}
export type EditDistances = (words: readonly number[]) => Distance;

/** Cells off the diagonal that are looked at, as in Tercom and sacrebleu. */
const beam = 25;
/** So many rows are kept for texts that begin the same. */
const maxKept = 10_000;
const unreached = 2 ** 30;

/** Costs and operations of one row of the table, from a column on; beyond its ends nothing is reached. */
interface TableRow {
  start: number;
  costs: Int32Array;
  operations: Uint8Array;
}
interface Node {
  row: TableRow;
  next: Map<number, Node>;
}

/**
 * The edit distance of texts of `length` words to a reference, within a beam around the diagonal, so that
 * long texts cost their length and not its square. Texts that differ by a shift share the rows of what they
 * begin with. Among ways of the same cost the choice is Tercom's.
 */
export function editDistances(reference: readonly number[], length: number): EditDistances {
  const columns = reference.length + 1;
  const ratio = length > 0 ? reference.length / length : 1;
  const width = ratio / 2 > beam ? Math.ceil(ratio / 2 + beam) : beam;
  const first: TableRow = {
    start: 0,
    costs: Int32Array.from({ length: columns }, (_, j) => j),
    operations: new Uint8Array(columns).fill(insert),
  };
  const root = new Map<number, Node>();
  let kept = 0;

  function rowAfter(above: TableRow, word: number, place: number): TableRow {
    const diagonal = Math.floor(place * ratio);
    const start = Math.max(0, diagonal - width);
    const end = place === length ? columns : Math.min(columns, diagonal + width);
    const costs = new Int32Array(Math.max(0, end - start)).fill(unreached);
    const operations = new Uint8Array(costs.length);
    const costAbove = (j: number): number => above.costs[j - above.start] ?? unreached;
    for (let j = start; j < end; j++) {
      const at = j - start;
      if (j === 0) {
        costs[at] = costAbove(0) + 1;
        operations[at] = remove;
        continue;
      }
      const isSame = word === reference[j - 1];
      let best = unreached;
      const cost = costAbove(j - 1) + (isSame ? 0 : 1);
      if (cost < best) {
        best = cost;
        operations[at] = isSame ? keep : substitute;
      }
      if (costAbove(j) + 1 < best) {
        best = costAbove(j) + 1;
        operations[at] = remove;
      }
      if (at > 0 && costs[at - 1]! + 1 < best) {
        best = costs[at - 1]! + 1;
        operations[at] = insert;
      }
      costs[at] = best;
    }
    return { start, costs, operations };
  }

  return (words) => {
    const rows = [first];
    let known: Map<number, Node> | undefined = root;
    for (const [i, word] of words.entries()) {
      const node: Node | undefined = known?.get(word);
      const row = node?.row ?? rowAfter(rows.at(-1)!, word, i + 1);
      rows.push(row);
      if (node !== undefined) known = node.next;
      else if (known !== undefined && kept < maxKept) {
        const next = new Map<number, Node>();
        known.set(word, { row, next });
        kept++;
        known = next;
      } else known = undefined;
    }
    return { edits: rows.at(-1)!.costs.at(-1)!, trace: traceOf(rows, reference.length) };
  };
}

function traceOf(rows: readonly TableRow[], columns: number): number[] {
  const trace: number[] = [];
  let [i, j] = [rows.length - 1, columns];
  while (i > 0 || j > 0) {
    const { start, operations } = rows[i]!;
    const operation = operations[j - start]!;
    trace.push(operation);
    if (operation !== insert) i--;
    if (operation !== remove) j--;
  }
  return trace.reverse();
}
