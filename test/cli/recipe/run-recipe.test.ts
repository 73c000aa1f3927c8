import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import { packagePath } from "../../../src/package-root.ts";
import { ended, runZebra, seen, startZebra } from "../spawn.ts";

let folder: string;
let recipe: string;
const row = (i: number) =>
  JSON.stringify({
    messages: [
      { role: "user", content: `What is ${i} and ${i}?` },
      { role: "assistant", content: `It is ${2 * i}.` },
    ],
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-cli-"));
  recipe = join(folder, "sums.yaml");
  const rows = Array.from({ length: 40 }, (_, i) => row(i));
  await writeFile(join(folder, "sums.jsonl"), [...rows, "{ broken", ""].join("\n"));
  await writeFile(join(folder, "config.json"), "{}");
  await writeFile(
    recipe,
    `name: sums
output_dir: ${folder}/out
model: { config: ${folder}/config.json, tokenizer: ${packagePath("checkpoints", "zebra-nano-tokenizer")} }
data: { datasets: [{ path: ${folder}/sums.jsonl }] }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const out = (name: string) => `output_dir=${folder}/${name}`;
const eventsOf = (stdout: string): RunEvent[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunEvent);

describe("events", () => {
  it("are NDJSON on stdout and nothing else; the same again is skipped", async () => {
    const first = await runZebra(["data", recipe, out("json"), "--json"]);
    expect([first.code, first.stderr]).toEqual([0, ""]);
    const events = eventsOf(first.stdout);
    expect(events[0]).toEqual({
      type: "run.start",
      name: "sums",
      runDir: `${folder}/json`,
      stages: ["data"],
    });
    expect(events.find((e) => e.type === "ledger")).toMatchObject({ dataset: "sums", kept: 40, dropped: 1 });
    expect(events.at(-1)).toMatchObject({ type: "run.end", status: "done" });
    expect(existsSync(join(folder, "json", "data", "sums", "examples.parquet"))).toBe(true);

    const again = eventsOf((await runZebra(["data", recipe, out("json"), "--json"])).stdout);
    expect(again.map((e) => e.type)).toEqual(["run.start", "stage.skip", "ledger", "run.verdict", "run.end"]);
  });

  it("are lines when stdout is no terminal, without colour codes", async () => {
    const { code, stdout, stderr } = await runZebra(["data", recipe, out("plain")]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`run       sums: data → ${folder}/plain\n`);
    expect(stdout).toMatch(/^data {6}sums: 40 kept, 1 dropped \(.+ 1\)$/m);
    expect(stdout).toMatch(/\nrun {7}done in [\d.]+ s: /);
    expect(stdout).not.toContain("\u001b");
  });

  it("of the data stage are followed by its dropped rows, before there are packs", async () => {
    await runZebra(["data", recipe, out("dropped")]);
    const { code, stdout, stderr } = await runZebra(["inspect", recipe, out("dropped"), "--dropped"]);
    expect([code, stderr]).toEqual([
      0,
      "zebra: there are no packs yet: these are the rows of the data stage\n",
    ]);
    expect(stdout).toMatch(/^data\s+dropped\s+json_syntax\s+1$/m);
  });

  it("leave the resolved recipe behind, which can be run", async () => {
    await runZebra(["data", recipe, out("resolved"), "seed=7"]);
    const resolved = join(folder, "resolved", "recipe.yaml");
    expect(await readFile(resolved, "utf8")).toContain("seed: 7\n");
    const { stdout } = await runZebra(["data", resolved, "--json"]);
    expect(eventsOf(stdout).map((e) => e.type)).toContain("stage.skip");
  });
});

describe("a recipe with three mistakes", () => {
  const mistakes = ["finetune.lrr=1", "data.split.test=x", "eval.benchmarks=[{name: pasky}]"];

  it("is refused with all of them, exit code 2", async () => {
    const { code, stdout, stderr } = await runZebra(["run", recipe, ...mistakes]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("unknown key lrr; did you mean lr?");
    expect(stderr).toContain('data.split.test: expected number between 0 and 1, got "x"');
    expect(stderr).toContain("eval.benchmarks.0.name: unknown benchmark pasky; did you mean passkey?");
    expect(stderr).not.toContain("    at ");
  });

  it("ends the event stream too", async () => {
    const { code, stdout } = await runZebra(["run", recipe, "--json", ...mistakes]);
    expect(code).toBe(2);
    expect(eventsOf(stdout)).toMatchObject([{ type: "run.end", status: "failed", code: "E_CONFIG" }]);
  });
});

describe("why a run failed is told once to each reader", () => {
  // Read only once the run has begun.
  let bad: string;
  beforeAll(async () => {
    bad = join(folder, "bad\u001b[31m\u202e.parquet");
    await writeFile(bad, "no Parquet");
  });
  const failing = () => ["data", recipe, `data.datasets.0.path=${bad}`, out("told"), "--plain"];

  it("on stderr where both are pipes of one program, without what steers a terminal", async () => {
    const { code, stdout, stderr } = await runZebra(failing());
    expect(code).toBe(1);
    expect(stderr).toContain("bad [31m .parquet");
    expect(stderr.match(/expected/g)).toHaveLength(1);
    expect(stdout).not.toContain("expected");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^run +failed \(E_\w+\)$/);
    expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
  });

  it("in the file that stdout goes to, and on stderr", async () => {
    const log = join(folder, "told.log");
    const [zebra, ...args] = [packagePath("src", "cli", "zebra.ts"), ...failing()];
    const file = openSync(log, "w");
    const run = spawnSync(process.execPath, [zebra!, ...args], {
      stdio: ["ignore", file, "pipe"],
      encoding: "utf8",
    });
    closeSync(file);
    expect(run.stderr).toMatch(/^zebra: .*expected /m);
    expect(readFileSync(log, "utf8")).toMatch(/^run +failed \(E_\w+\): .*expected /m);
  });
});

describe("stopping", () => {
  // Long enough that a signal after the first progress comes in the middle of the work.
  const manyRows = 20_000;
  const args = () => ["data", recipe, `data.datasets.0.path=${folder}/many.jsonl`];
  beforeAll(() =>
    writeFile(join(folder, "many.jsonl"), Array.from({ length: manyRows }, (_, i) => row(i)).join("\n")),
  );

  it("Ctrl-C ends cleanly with the command to go on with, which does", async () => {
    const child = startZebra([...args(), out("stop"), "--json"]);
    const end = ended(child);
    await seen(child, '"stage.progress"');
    child.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toContain("stopping after the work in hand");
    const last = eventsOf(stdout).at(-1);
    expect(last).toMatchObject({
      status: "stopped",
      resumeCommand: expect.stringContaining(`data ${recipe}`),
    });
    expect(existsSync(join(folder, "stop", "run.lock"))).toBe(false);
    expect(existsSync(join(folder, "stop", "data", "stage.json"))).toBe(false);

    const again = await runZebra([...args(), "data.datasets.0.limit=5", out("stop"), "--json"]);
    expect(again.code).toBe(0);
  });

  it("a reader that has seen enough stops the run", async () => {
    const child = startZebra([...args(), out("pipe"), "--json"]);
    const end = ended(child);
    await seen(child, '"stage.progress"');
    child.stdout?.destroy();
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toContain("stdout was closed");
    expect(stderr).toContain("stopped; go on with:");
    expect(stderr).not.toContain("EPIPE");
  });

  it("a second run in the same folder is refused while the first goes on", async () => {
    const child = startZebra([...args(), out("busy"), "--json"]);
    const end = ended(child);
    await seen(child, '"stage.progress"');
    // Held still, or on a slow machine it would be done before the second has started.
    child.kill("SIGSTOP");
    const second = await runZebra([...args(), out("busy"), "--json"]);
    child.kill("SIGCONT");
    child.kill("SIGTERM");
    expect((await end).code).toBe(130);
    expect(second.code).toBe(1);
    expect(eventsOf(second.stdout).at(-1)).toMatchObject({
      code: "E_LOCKED",
      message: expect.stringContaining(`${child.pid}`),
    });
  });
});
