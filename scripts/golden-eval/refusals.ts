import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import type { Comparison } from "./oracle.ts";

interface Refusal {
  file: string;
  /** `refused`: ends with a message; `row`: rows fail or count as wrong; `warned`: runs, with a warning. */
  ours: "refused" | "row" | "warned";
  must_mention: string[];
  must_not: string[];
}

const limitMs = 10_000;
/** For a machine that does other work beside it: what took longer is looked at, and asked for again. */
const patienceMs = 60_000;

/** Runs the command on each file of a list of task files that are to be refused, or survived. */
export function* compareRefusals(path: string): Generator<Comparison> {
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Refusal[] };
  for (const one of cases) yield refusal(dirname(path), one);
}

function refusal(dir: string, { file, ours, must_mention, must_not }: Refusal): Comparison {
  const output = mkdtempSync(join(tmpdir(), "golden-eval-"));
  const command = [
    join(packageRoot(), "dist/src/cli/zebra.js"),
    "eval",
    "--tasks",
    join(dir, file),
    "--checkpoint",
    join(packageRoot(), "checkpoints/zebra-nano-lcat"),
    "--output",
    output,
  ];
  const began = performance.now();
  const done = spawnSync(process.execPath, ["--max-old-space-size=1024", ...command], {
    cwd: dir,
    encoding: "utf8",
    timeout: patienceMs,
  });
  const took = performance.now() - began;
  rmSync(output, { recursive: true, force: true });
  const said = `${done.stdout}\n${done.stderr}`;
  const problems: string[] = [];
  const isRefused = ours === "refused";
  if (done.signal !== null) problems.push(`was killed by ${done.signal}`);
  if ((done.status !== 0) !== isRefused) problems.push(`exit code ${done.status} where it is to be ${ours}`);
  for (const word of must_mention) if (!said.includes(word)) problems.push(`does not mention ${word}`);
  for (const word of must_not) if (said.includes(word)) problems.push(`mentions ${word}`);
  if (/^\s+at .+:\d+:\d+\)?$/m.test(said)) problems.push("shows a stack trace");
  if (took > limitMs) problems.push(`took ${(took / 1000).toFixed(1)} s`);
  const detail = `${problems.join("; ")}; it said: ${said.trim().slice(-600)}`;
  return { what: file, isRight: problems.length === 0, ...(problems.length > 0 && { detail }) };
}
