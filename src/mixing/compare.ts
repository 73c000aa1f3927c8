import { mixPaths, packsPath } from "../contracts/run-folder.ts";
import { sqlLiteral, streamRows } from "../tables/duckdb.ts";

/** How often the examples of a dataset are in two mixes. */
export interface MixDifference {
  dataset: string;
  /** Sequences in either. */
  a: number;
  b: number;
  /** Examples that are in only one of them. */
  onlyA: number;
  onlyB: number;
  /** The first such example of each, "" where there is none. */
  firstOnlyA: string;
  firstOnlyB: string;
}

/** Compares which examples two mixes train on, by the part of their ids before the first slash. */
export async function compareMixes(mixDirA: string, mixDirB: string): Promise<MixDifference[]> {
  const idsOf = (dir: string): string =>
    `SELECT unnest(sources) AS id FROM read_parquet(${sqlLiteral(packsPath(mixPaths(dir).train))})`;
  const countsOf = (dir: string): string => `SELECT id, count(*) AS n FROM (${idsOf(dir)}) GROUP BY id`;
  const sql =
    "SELECT split_part(id, '/', 1) AS dataset, sum(coalesce(a.n, 0))::INTEGER AS a, " +
    "sum(coalesce(b.n, 0))::INTEGER AS b, " +
    "count(*) FILTER (b.n IS NULL)::INTEGER AS only_a, count(*) FILTER (a.n IS NULL)::INTEGER AS only_b, " +
    "coalesce(min(id) FILTER (b.n IS NULL), '') AS first_a, coalesce(min(id) FILTER (a.n IS NULL), " +
    "'') AS first_b " +
    `FROM (${countsOf(mixDirA)}) a FULL JOIN (${countsOf(mixDirB)}) b USING (id) GROUP BY 1 ORDER BY 1`;
  const rows: MixDifference[] = [];
  for await (const row of streamRows(sql)) {
    rows.push({
      dataset: String(row.dataset),
      a: Number(row.a),
      b: Number(row.b),
      onlyA: Number(row.only_a),
      onlyB: Number(row.only_b),
      firstOnlyA: String(row.first_a),
      firstOnlyB: String(row.first_b),
    });
  }
  return rows;
}

/** Rows of a ledger that are not simply kept, by stage, fate and reason, with a few examples of each. */
export interface LedgerGroup {
  stage: string;
  fate: string;
  reason: string;
  count: number;
  examples: { id: string; detail: string }[];
}

/** Groups of a ledger's rows, the largest first. `perReason`: how many examples each has. */
export async function ledgerGroups(
  path: string,
  { perReason, reason }: { perReason: number; reason?: string },
): Promise<LedgerGroup[]> {
  const only = reason === undefined ? "" : `AND reason = ${sqlLiteral(reason)}`;
  const sql =
    "SELECT stage, fate, reason, count(*)::INTEGER AS n, list(id ORDER BY id) AS ids, list(detail " +
    "ORDER BY id) AS details FROM " +
    `(SELECT stage, fate, reason, id, detail FROM read_parquet(${sqlLiteral(path)}) WHERE fate <> ` +
    `'kept' ${only}) GROUP BY stage, fate, reason ORDER BY n DESC, stage, reason`;
  const groups: LedgerGroup[] = [];
  for await (const { stage, fate, reason, n, ids, details } of streamRows(sql)) {
    const examples = (ids as string[])
      .slice(0, perReason)
      .map((id, i) => ({ id, detail: (details as string[])[i] ?? "" }));
    groups.push({
      stage: String(stage),
      fate: String(fate),
      reason: String(reason),
      count: Number(n),
      examples,
    });
  }
  return groups;
}
