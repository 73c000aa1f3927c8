import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { datasetCatalog } from "../../../src/datasets/catalog/entries/index.ts";
import type { HubDataset } from "../../../src/datasets/catalog/hub-entry.ts";
import type { Draft } from "../../../src/datasets/draft.ts";
import type { DatasetEntry } from "../../../src/datasets/entry.ts";
import { hubSettings } from "../../../src/datasets/hub/settings.ts";
import { documentIds } from "../../../src/datasets/rows/document-id.ts";
import { rowItems } from "../../../src/datasets/rows/row-items.ts";
import { catalogReading, converterOf } from "../../../src/datasets/sources/hub-reading.ts";
import { hubSource } from "../../../src/datasets/sources/hub-source.ts";
import { packagePath } from "../../../src/package-root.ts";
import { fieldsProblems } from "../../../src/run/recipe/check-fields.ts";
import { openDuckDB, sqlLiteral } from "../../../src/tables/duckdb.ts";
import { commitOf, startHub } from "../hub/hub-server.ts";

const all: (DatasetEntry | HubDataset)[] = Object.values(datasetCatalog);
const entries = all.filter((entry): entry is HubDataset => "repo" in entry);
const fixtures = packagePath("test", "fixtures", "catalog");

/** Rows as the real dataset has them, with invented text. */
async function draftsOf(entry: HubDataset): Promise<Draft[]> {
  const file = { path: join(fixtures, `${entry.id}.json`), name: `${entry.id}.json`, sizeBytes: 0 };
  const convert = converterOf(entry.rows);
  const formOf = () => ({ name: "fields", convert });
  const reading = {
    name: entry.id,
    files: [file],
    formOf,
    ownKeys: false,
    task: entry.task,
    documentOf: await documentIds({ name: entry.id, files: [file], formOf }, () => {}),
  };
  const drafts: Draft[] = [];
  for await (const item of rowItems(
    reading,
    () => {},
    () => {},
  )) {
    if ("dropped" in item) throw new Error(`${entry.id}: ${item.dropped.reason} ${item.dropped.detail}`);
    drafts.push(item.draft);
  }
  return drafts;
}

test("at least 24 datasets, every task in short and in long, a fixture each", () => {
  expect(entries.length).toBeGreaterThanOrEqual(24);
  const cells = new Set(entries.flatMap(({ task, lengths }) => lengths.map((length) => `${task}/${length}`)));
  for (const task of ["summarization", "qa", "writing"]) {
    for (const length of ["short", "long"]) expect(cells).toContain(`${task}/${length}`);
  }
  expect(readdirSync(fixtures).sort()).toEqual(entries.map(({ id }) => `${id}.json`).sort());
});

test.each(entries)(
  "$id: licence, repository and mapping are sound, and every row gives its example",
  async (entry) => {
    expect(entry.license).toMatch(/^(unknown|(LicenseRef-)?[A-Za-z0-9.-]+)$/);
    expect(entry.repo).toMatch(/^[\w.-]+\/[\w.-]+$/);
    if (typeof entry.rows !== "function") expect(fieldsProblems(entry.rows)).toEqual([]);
    const drafts = await draftsOf(entry);
    expect(new Set(drafts.map(({ id }) => id)).size).toBe(drafts.length);
    const shown = drafts.map(({ id, task, messages, context = [], document, meta }) => ({
      id,
      task,
      messages: messages.map(
        ({ role, content, train }) => `${role}${train === undefined ? "" : ` (${train})`}: ${content}`,
      ),
      context: context.map(({ message, start, end }) => messages[message]!.content.slice(start, end)),
      document: document.replace(/^sha256:.*/, "by content"),
      meta,
    }));
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(
      packagePath("test", "fixtures", "catalog-examples", `${entry.id}.json`),
    );
  },
);

test("an entry is read from a Hub: its Parquet files at its revision, with its licence and a pinned commit", async () => {
  const home = await mkdtemp(join(tmpdir(), "zebra-catalog-"));
  const path = join(home, "0000.parquet");
  using connection = await openDuckDB();
  const rows = `read_json(${sqlLiteral(join(fixtures, "qasper.json"))})`;
  await connection.run(`COPY (SELECT * FROM ${rows}) TO ${sqlLiteral(path)} (FORMAT parquet)`);
  const repo = { files: { "qasper/train/0000.parquet": await readFile(path) }, refs: {} };
  const commit = commitOf(repo);
  await using hub = await startHub({
    "allenai/qasper": { ...repo, refs: { "refs/convert/parquet": commit } },
  });
  const settings = hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: home });
  const reading = catalogReading({ name: "papers" }, datasetCatalog.qasper, "data.datasets[0]", []);
  const source = await hubSource(reading, () => {}, { stopped: false }, settings);
  const drafts: Draft[] = [];
  for await (const item of source.items(() => {})) if ("draft" in item) drafts.push(item.draft);
  expect([source.license, source.revision]).toEqual(["CC-BY-4.0", commit]);
  const expected = (await draftsOf(datasetCatalog.qasper)).map((draft) => ({
    ...draft,
    file: "qasper/train/0000.parquet",
  }));
  expect(drafts).toEqual(expected);
  await rm(home, { recursive: true });
});
