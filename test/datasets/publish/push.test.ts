import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { hubSettings } from "../../../src/datasets/hub/settings.ts";
import { planPush, pushData } from "../../../src/datasets/publish/push.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";
import { type HubServer, startHub, token } from "../hub/hub-server.ts";

let root: string;
let dataDir: string;
let hub: HubServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-push-"));
  const path = join(root, "rows.json");
  const rows = Array.from({ length: 40 }, (_, i) => ({
    instruction: `Question ${i}?`,
    output: `Answer ${i}.`,
  }));
  await writeFile(path, JSON.stringify(rows));
  const datasets = [
    { name: "one", path, license: "MIT" },
    { name: "two", path, license: "CC-BY-4.0" },
  ];
  const data = { datasets, split: { validation: 0.04, test: 0.06 } };
  await runDataStage({ runDir: root, emit: () => {}, stop: { stopped: false } }, { data, seed: 1 });
  dataDir = join(root, "data");
  hub = await startHub({});
});
beforeEach(() => {
  hub.repos = {};
  hub.log.length = 0;
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const push = async (own: object = {}, repo = "ann/made", isPrivate = true) => {
  const settings = {
    ...hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: root, HF_TOKEN: token }),
    retryDelayMs: 1,
    ...own,
  };
  return pushData(await planPush(dataDir, repo), { private: isPrivate, settings, stop: { stopped: false } });
};

test("one commit with every file as it is on disk, in a private repository", async () => {
  const page = await push();
  expect(page).toMatch(/\/datasets\/ann\/made\/commit\/[0-9a-f]{40}$/);
  const { files, private: isPrivate } = hub.repos["ann/made"]!;
  expect([isPrivate, hub.commits.length]).toEqual([true, 1]);
  expect(Object.keys(files).sort()).toEqual([
    "README.md",
    "ledger.parquet",
    "manifest.json",
    "one/README.md",
    "one/examples.parquet",
    "two/README.md",
    "two/examples.parquet",
  ]);
  for (const [path, data] of Object.entries(files)) {
    if (path !== "README.md") expect(data.equals(await readFile(join(dataDir, path)))).toBe(true);
  }
  const card = files["README.md"]!.toString("utf8");
  expect(parse(card.split("---\n")[1]!)).toEqual({
    pretty_name: "made",
    license: "other",
    configs: [
      { config_name: "one", data_files: "one/examples.parquet" },
      { config_name: "two", data_files: "two/examples.parquet" },
    ],
  });
  expect(card).toContain("| CC-BY-4.0 | 40 |");
  // The storage behind the Hub is given no token.
  const stored = hub.log.filter(({ line }) => line.startsWith("PUT"));
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.every(({ authorization }) => authorization === undefined)).toBe(true);
});

test("again into the same repository, and not into a public one where private was asked for", async () => {
  hub.repos["ann/made"] = { files: {} };
  await expect(push()).rejects.toThrow(
    /expected a private repository, got a public one\. Nothing was uploaded/,
  );
  expect(hub.repos["ann/made"].files).toEqual({});
  await push({}, "ann/made", false);
  expect(Object.keys(hub.repos["ann/made"].files).length).toBe(7);
});

test("a busy server is asked again", async () => {
  hub.apiFaults.push({ status: 429, headers: { "retry-after": "0" } }, { status: 503 });
  await push();
  expect(hub.apiFaults).toEqual([]);
});

test("no token, a token that may not write there, a file that was changed", async () => {
  const without = hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: root });
  const plan = await planPush(dataDir, "ann/made");
  const options = { private: false, settings: without, stop: { stopped: false } };
  await expect(pushData(plan, options)).rejects.toThrow(
    /expected HF_TOKEN with a token that may write, got none/,
  );
  const error = await push({}, "bob/made").catch((e: Error) => e);
  expect(String(error)).toMatch(/bob\/made: expected to upload, got 403\. HF_TOKEN needs the right to write/);
  expect(JSON.stringify([String(error), (error as Error).stack])).not.toContain(token);
  await writeFile(join(dataDir, "one", "examples.parquet"), "changed");
  await expect(push()).rejects.toThrow(/expected the file that manifest\.json describes, got another/);
});
