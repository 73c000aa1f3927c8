import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { INTEGER, VARCHAR } from "@duckdb/node-api";
import type { EventOf } from "../../contracts/events.ts";
import { dataPaths, mixPaths } from "../../contracts/run-folder.ts";
import { readDataManifest } from "../../datasets/folder/data-folder.ts";
import type { ledgerColumns } from "../../datasets/folder/example-columns.ts";
import { dataKeyName, dataKeyOf } from "../../datasets/folder/run-ledger.ts";
import { joinInside } from "../../files.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../tables/duckdb.ts";
import type { TableWriter } from "../../tables/part-writer.ts";
import { createTable, type Table } from "../../tables/table.ts";

/** An example that was tokenized and is not in a pack, or not with all its pieces. */
export interface Undrawn {
  id: string;
  reason: string;
  detail: string;
  /** Tokens of its pieces that are in packs; 0 means that it is dropped. */
  drawnTokens: number;
}

const undrawnColumns = { id: VARCHAR, reason: VARCHAR, detail: VARCHAR, drawn_tokens: INTEGER };
const unread = "not read: the budget is met without it";

/**
 * Writes `<mixDir>/ledger.parquet`: every row of the data stage's ledger, in its order, with its last fate.
 * `own` has the rows of the mix, one for each example tokenized. Other examples are in the test split, or
 * were not needed for the budget. A row that was changed in data and kept in the mix stays changed; what the
 * mix changed on top of it says so in its detail. The file appears whole.
 */
export async function writeJoinedLedger(
  mixDir: string,
  {
    dataDir,
    own,
    undrawn,
    writer,
  }: { dataDir: string; own: Table; undrawn: readonly Iterable<Undrawn>[]; writer: TableWriter },
): Promise<void> {
  const temporary = await mkdtemp(join(mixDir, ".tmp-ledger-"));
  try {
    const [ownPath, undrawnPath, joined] = ["own", "undrawn", "joined"].map((name) =>
      join(temporary, `${name}.parquet`),
    ) as [string, string, string];
    await own.writeParquet(ownPath);
    await using table = await createTable(temporary, undrawnColumns, writer);
    for (const some of undrawn) {
      for (const { id, reason, detail, drawnTokens } of some)
        await table.append([id, reason, detail, drawnTokens], 200);
    }
    await table.writeParquet(undrawnPath);
    const examples = readDataManifest(dataDir).datasets.map(({ file }) => joinInside(dataDir, file));
    using connection = await openDuckDB();
    await connection.run(`SET temp_directory = ${sqlLiteral(temporary)}`);
    const key = `{"${dataKeyName}": ${sqlLiteral(await dataKeyOf(dataDir))}}`;
    await connection.run(
      `COPY (${joinSql({ data: dataPaths(dataDir).ledger, own: ownPath, undrawn: undrawnPath, examples })}) ` +
        `TO ${sqlLiteral(joined)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA ${key})`,
    );
    await rename(joined, mixPaths(mixDir).ledger);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Ids are unique among the rows that became examples (column `example`), but a dropped row may have the id of
 * another. A condition on `fate` in the join would make DuckDB compare all pairs.
 */
function joinSql(paths: { data: string; own: string; undrawn: string; examples: string[] }): string {
  const read = (...files: string[]): string => `read_parquet([${files.map(sqlLiteral).join(", ")}])`;
  const because = (text: string): string =>
    `concat(${text}, CASE WHEN data.fate = 'changed' THEN concat('; data: ', data.reason, ': ', ` +
    "data.detail) END)";
  const values: Record<keyof typeof ledgerColumns, string> = {
    dataset: "data.dataset",
    row: "data.row",
    id: "data.id",
    fate: "CASE how WHEN 'data' THEN data.fate WHEN 'mix' THEN own.fate ELSE 'dropped' END",
    stage: "CASE WHEN how = 'data' AND (own.id IS NULL OR data.fate = 'changed') THEN 'data' ELSE 'mix' END",
    reason:
      "CASE how WHEN 'data' THEN data.reason WHEN 'mix' THEN own.reason WHEN 'undrawn' THEN " +
      "undrawn.reason ELSE 'budget' END",
    detail:
      "CASE how WHEN 'data' THEN data.detail WHEN 'mix' THEN " +
      `${because("concat_ws('; ', own.detail, undrawn.detail)")} WHEN 'undrawn' THEN ` +
      `${because("undrawn.detail")} ELSE ${because(sqlLiteral(unread))} END`,
    tokens_before: "own.tokens_before",
    tokens_after: "coalesce(undrawn.drawn_tokens, own.tokens_after)",
    file: "data.file",
  };
  const columns = Object.entries(values).map(([name, sql]) => `${sql} AS ${name}`);
  const how =
    "CASE WHEN data.fate = 'dropped' THEN 'data' WHEN undrawn.drawn_tokens = 0 THEN 'undrawn' WHEN " +
    "own.fate = 'kept' THEN 'data' " +
    "WHEN own.id IS NOT NULL THEN 'mix' WHEN test.id IS NOT NULL THEN 'data' ELSE 'unread' END";
  return (
    `SELECT ${columns.join(", ")} FROM (SELECT *, file_row_number AS place, CASE WHEN fate <> ` +
    `'dropped' THEN id END AS example FROM read_parquet(${sqlLiteral(paths.data)}, file_row_number = ` +
    "true)) data " +
    `LEFT JOIN ${read(paths.own)} own ON own.id = example ` +
    `LEFT JOIN ${read(paths.undrawn)} undrawn ON undrawn.id = example ` +
    `LEFT JOIN (SELECT id FROM ${read(...paths.examples)} WHERE split = 'test') test ON test.id = example, ` +
    `LATERAL (SELECT ${how} AS how) ORDER BY place`
  );
}

type LedgerEvent = EventOf<"ledger">;

/** What became of the examples that a mix could have had, one event a dataset, read from its ledger. */
export async function ledgerEvents(mixDir: string): Promise<LedgerEvent[]> {
  const sql =
    "SELECT dataset, fate, reason, count(*)::INTEGER AS n, min(file_row_number) AS place FROM " +
    `read_parquet(${sqlLiteral(mixPaths(mixDir).ledger)}, ` +
    "file_row_number = true) WHERE stage = 'mix' OR tokens_before IS NOT NULL GROUP BY ALL ORDER BY place";
  const events = new Map<string, LedgerEvent>();
  for await (const row of streamRows(sql)) {
    const dataset = String(row.dataset);
    const event: LedgerEvent = events.get(dataset) ?? {
      type: "ledger",
      dataset,
      kept: 0,
      dropped: 0,
      shortened: 0,
      changed: 0,
      reasons: {},
    };
    events.set(dataset, event);
    const count = Number(row.n);
    event[row.fate as "kept" | "dropped" | "shortened" | "changed"] += count;
    const reason = String(row.reason);
    if (reason !== "") event.reasons[reason] = (event.reasons[reason] ?? 0) + count;
  }
  return [...events.values()];
}
