import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { CurateSpec } from "../../../src/contracts/recipe.ts";
import { readDataManifest } from "../../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../../src/datasets/stage/stage.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-finished-"));
  await writeFile(join(root, "a.jsonl"), rows("a", 300));
  await writeFile(join(root, "b.jsonl"), rows("b", 300));
});
afterEach(() => rm(root, { recursive: true }));

const rows = (name: string, count: number) =>
  Array.from(
    { length: count },
    (_, i) =>
      `${JSON.stringify({ id: `${name}${i}`, instruction: `Q ${i % 200}`, output: i % 9 ? `A ${i}` : "" })}\n`,
  ).join("");

const curate: CurateSpec = { exact_duplicates: true, pii: [], filters: [] };

/** Runs into `<root>/<name>`; `stopAt`: the dataset at which it is asked to stop. */
async function run(name: string, options: { inputHash?: string; stopAt?: string; curate?: CurateSpec }) {
  const events: RunEvent[] = [];
  const stop = { stopped: false };
  const datasets = ["a", "b"].map((one) => ({
    name: one,
    path: join(root, `${one}.jsonl`),
    task: "qa" as const,
  }));
  const data = {
    datasets,
    split: { validation: 0.1, test: 0.1 },
    ...(options.curate && { curate: options.curate }),
  };
  const emit = (event: RunEvent) => {
    events.push(event);
    if (event.type === "stage.progress" && event.label === options.stopAt) stop.stopped = true;
  };
  const { inputHash } = options;
  const ctx = { runDir: join(root, name), emit, stop, ...(inputHash !== undefined && { inputHash }) };
  await runDataStage(ctx, { data, seed: 1 }).catch((error: Error) => {
    if (error.name !== "Stopped") throw error;
  });
  return events;
}

/** sha256 of every file under a run's data, by path. */
async function bytesOf(name: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(join(root, name, "data"), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(join(root, name).length)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return found;
}

const madeMs = async (name: string) =>
  (await stat(join(root, name, "data", "a", "examples.parquet"))).mtimeMs;
const ledgers = (events: RunEvent[]) => events.filter(({ type }) => type === "ledger");

it("what was complete is not made again, and nothing tells the outputs from those of a run in one go", async () => {
  const whole = await run("whole", {});
  await run("twice", { inputHash: "x", stopAt: "b" });
  const before = await madeMs("twice");
  const events = await run("twice", { inputHash: "x" });
  expect(await madeMs("twice")).toBe(before);
  expect(events.some((e) => e.type === "stage.progress" && e.label === "a")).toBe(false);
  expect(ledgers(events)).toEqual(ledgers(whole));
  expect(await bytesOf("twice")).toEqual(await bytesOf("whole"));
  const { totals } = readDataManifest(join(root, "twice", "data"));
  expect(totals).toMatchObject({ read: 600, kept: 532, dropped: 68 });
});

it("it is made again with other or unknown inputs, and where its file is gone or cut short", async () => {
  for (const [second, spoil] of [
    [{ inputHash: "y" }, async () => {}],
    [{}, async () => {}],
    [{ inputHash: "x" }, () => rm(join(root, "run", "data", "a"), { recursive: true })],
    [{ inputHash: "x" }, () => truncate(join(root, "run", "data", "a", "examples.parquet"), 100)],
  ] as const) {
    await run("run", { inputHash: "x", stopAt: "b" });
    await spoil();
    const events = await run("run", second);
    expect(events.some((e) => e.type === "stage.progress" && e.label === "a")).toBe(true);
    expect(readDataManifest(join(root, "run", "data")).totals.read).toBe(600);
    await rm(join(root, "run"), { recursive: true });
  }
});

it("where copies are removed, all is read again: which of them stays hangs on what came before", async () => {
  await run("whole", { curate });
  await run("twice", { inputHash: "x", stopAt: "b", curate });
  await run("twice", { inputHash: "x", curate });
  expect(await bytesOf("twice")).toEqual(await bytesOf("whole"));
});
