import { readFileSync } from "node:fs";
import { packagePath } from "../package-root.ts";
import { sqlLiteral, streamRows } from "../tables/duckdb.ts";

interface Provenance {
  sources: {
    file: string;
    package: string;
    version: string;
    license: string;
    license_note: string;
    rows: number;
  }[];
}

/** Licence and revision of a text in `data/`, from data/PROVENANCE.json. */
export function provenanceOf(name: string): { license: string; revision: string } {
  const { sources } = JSON.parse(readFileSync(packagePath("data", "PROVENANCE.json"), "utf8")) as Provenance;
  const source = sources.find((s) => s.file === `data/${name}.parquet`);
  if (source === undefined)
    throw new RangeError(`data/PROVENANCE.json: expected data/${name}.parquet, got none`);
  return { license: source.license, revision: `${source.package}@${source.version}` };
}

/** Rows of `data/<name>.parquet` in order; `Row` is what scripts/vendor-texts.ts wrote. */
export async function* readVendored<Row>(name: string): AsyncGenerator<Row> {
  const path = packagePath("data", `${name}.parquet`);
  yield* streamRows(`SELECT * FROM read_parquet(${sqlLiteral(path)})`) as AsyncGenerator<Row>;
}
