import { readTypedParquet, type ValueMaker } from "../../datasets/files/parquet/typed-parquet.ts";
import { integer, PyDict, PyFloat, type Value } from "../../jinja/values/values.ts";
import type { Shape } from "./shape.ts";
import type { Table } from "./table.ts";

const make: ValueMaker<Value> = {
  null: null,
  boolean: (value) => value,
  integer,
  float: (value) => new PyFloat(value),
  text: (value) => value,
  list: (items) => items,
  struct: (entries) => PyDict.of(entries),
};

/** Parquet files say themselves what their columns are: values stay as they are. */
export async function parquetTable(paths: readonly string[]): Promise<Table> {
  const files = await Promise.all(paths.map((path) => readTypedParquet(path, make)));
  const names = [...new Set(files.flatMap((file) => file.names))];
  const columns = new Map<string, Shape>(names.map((name) => [name, { kind: "null" }]));
  return {
    columns,
    total: files.reduce((sum, file) => sum + file.total, 0),
    async *rows(limit) {
      let left = limit;
      for (const file of files) {
        if (left <= 0) return;
        for await (const values of file.rows(left)) {
          const given = new Map(file.names.map((name, i) => [name, values[i]!]));
          yield PyDict.of(names.map((name) => [name, given.get(name) ?? null]));
          left--;
        }
      }
    },
  };
}
