/**
 * Which column each row is given so that the sum of the values is largest, no column twice (the Hungarian
 * method). Every row of a table that is at most as tall as wide gets one.
 */
export function bestColumns(values: readonly (readonly number[])[]): number[] {
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  const rowPrice = new Array<number>(rows + 1).fill(0);
  const columnPrice = new Array<number>(columns + 1).fill(0);
  /** Of each column, the row that has it; 0 is none, rows count from 1. */
  const owner = new Array<number>(columns + 1).fill(0);
  for (let row = 1; row <= rows; row++) {
    const cheapest = new Array<number>(columns + 1).fill(Number.POSITIVE_INFINITY);
    const before = new Array<number>(columns + 1).fill(0);
    const seen = new Array<boolean>(columns + 1).fill(false);
    owner[0] = row;
    let at = 0;
    do {
      seen[at] = true;
      const current = owner[at]!;
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let column = 1; column <= columns; column++) {
        if (seen[column]) continue;
        const cost = -values[current - 1]![column - 1]! - rowPrice[current]! - columnPrice[column]!;
        if (cost < cheapest[column]!) {
          cheapest[column] = cost;
          before[column] = at;
        }
        if (cheapest[column]! < step) {
          step = cheapest[column]!;
          next = column;
        }
      }
      for (let column = 0; column <= columns; column++) {
        if (seen[column]) {
          rowPrice[owner[column]!]! += step;
          columnPrice[column]! -= step;
        } else cheapest[column]! -= step;
      }
      at = next;
    } while (owner[at] !== 0);
    while (at !== 0) {
      owner[at] = owner[before[at]!]!;
      at = before[at]!;
    }
  }
  const found = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column++)
    if (owner[column]! > 0) found[owner[column]! - 1] = column - 1;
  return found;
}
