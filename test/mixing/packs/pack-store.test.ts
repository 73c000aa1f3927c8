import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Pack } from "../../../src/contracts/pack.ts";
import { openPacks, writePacks } from "../../../src/mixing/packs/pack-store.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../../src/tables/duckdb.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-store-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A pack of two segments whose every value tells its index. */
function packOf(index: number, length: number): Pack {
  const ids = Int32Array.from({ length }, (_, t) => index * 1000 + (t % 1000));
  const half = length >> 1;
  return {
    input_ids: ids,
    labels: ids.map((id, t) => (t % 3 === 0 ? id : -100)),
    position_ids: ids.map((_, t) => (t < half ? t : t - half)),
    seq_lengths: Int32Array.of(half, length - half),
    loss_weights: Float32Array.from({ length }, (_, t) => index + t / 7),
    sources: [`notes/${index}`, `notes/${index}'s "other" ünï`],
  };
}

describe("packs in Parquet", () => {
  const lengths = Array.from({ length: 70 }, (_, i) => 5000 + 40 * i);

  it("come back as they were, by any index", async () => {
    const dir = join(root, "many");
    await writePacks(dir, lengths.map((length, i) => packOf(i, length)).values());
    await using packs = await openPacks(dir);
    expect([...packs.lengths]).toEqual(lengths);
    expect(packs.count).toBe(70);
    expect(packs.tokens).toBe(lengths.reduce((a, b) => a + b, 0));
    expect(packs.supervisedTokens).toBe(lengths.reduce((n, length) => n + Math.ceil(length / 3), 0));
    for (const i of [69, 0, 25, 26, 27, 25]) expect(await packs.read(i)).toEqual(packOf(i, lengths[i]!));
    for (const i of [-1, 70, 1.5]) await expect(packs.read(i)).rejects.toThrow(RangeError);
    expect(readdirSync(dir)).toEqual(["packs.parquet"]);
  });

  // One group of 2,048 packs ran out of DuckDB's memory at 12 million tokens, and was read whole for each
  // pack.
  it("lie in row groups of about 131,072 tokens", async () => {
    const path = sqlLiteral(join(root, "many", "packs.parquet"));
    const groups = [];
    const sql = `SELECT DISTINCT row_group_id, row_group_num_rows AS n FROM parquet_metadata(${path}) ORDER BY 1`;
    for await (const { n } of streamRows(sql)) groups.push(Number(n));
    expect(groups).toEqual([25, 21, 19, 5]);
  });

  it("are read one by one where another program put too many tokens into a row group", async () => {
    const dir = join(root, "foreign");
    mkdirSync(dir);
    using connection = await openDuckDB();
    const list = (type: string, value: string) =>
      `list_transform(range(400000), lambda t: (${value})::${type})`;
    const columns = [
      `${list("INTEGER", "p * 1000 + t % 1000")} AS input_ids`,
      `${list("INTEGER", "if(t % 4 = 0, 7, -100)")} AS labels`,
      `${list("INTEGER", "t")} AS position_ids`,
      "[400000::INTEGER] AS seq_lengths",
      `${list("FLOAT", "1")} AS loss_weights`,
      "['other/' || p] AS sources",
    ];
    const path = sqlLiteral(join(dir, "packs.parquet"));
    await connection.run(
      `COPY (SELECT ${columns.join(", ")} FROM range(3) r(p)) TO ${path} (FORMAT parquet)`,
    );
    await using packs = await openPacks(dir);
    expect([packs.count, packs.tokens, packs.supervisedTokens]).toEqual([3, 1_200_000, 300_000]);
    for (const i of [2, 0, 1, 2, 0]) {
      const { input_ids, sources } = await packs.read(i);
      expect([sources, input_ids[123_456]]).toEqual([[`other/${i}`], i * 1000 + 456]);
    }
  });

  // With streams, those that a later read cut off gave no rows.
  it("are read at the same time over one connection, and not once it is closed", async () => {
    const packs = await openPacks(join(root, "many"));
    const indexes = [0, 69, 30, 50, 1, 68];
    const read = await Promise.all(indexes.map((i) => packs.read(i)));
    expect(read).toEqual(indexes.map((i) => packOf(i, lengths[i]!)));
    await packs[Symbol.asyncDispose]();
    await expect(packs.read(0)).rejects.toThrow(/closed|disconnect/i);
  });

  it("may be none, and a folder without them is a DataError", async () => {
    await writePacks(join(root, "none"), []);
    await using none = await openPacks(join(root, "none"));
    expect(none.count).toBe(0);
    await expect(openPacks(join(root, "missing"))).rejects.toMatchObject({ code: "E_DATA" });
  });

  it("leave nothing behind when making them fails, and what was there stays", async () => {
    const dir = join(root, "failing");
    await writePacks(dir, [packOf(1, 10)]);
    const failing = function* () {
      yield packOf(2, 200_000);
      throw new Error("stopped");
    };
    await expect(writePacks(dir, failing())).rejects.toThrow("stopped");
    expect(readdirSync(dir)).toEqual(["packs.parquet"]);
    await using packs = await openPacks(dir);
    expect((await packs.read(0)).sources[0]).toBe("notes/1");
  });
});
