import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { joinInside } from "../files.ts";
import type { Answer } from "./benchmark.ts";

/** One line of `eval/samples/<model>/<benchmark>.jsonl`: what was asked, answered and scored. */
export type SampleLine = { id: string; shortened: boolean } & (Answer | { error: string });

/** The log of one model and benchmark, which is also what an interrupted evaluation goes on from. */
export interface SampleLog {
  done: ReadonlyMap<string, SampleLine>;
  /** On disk when it returns. */
  add(line: SampleLine): void;
}

/**
 * Opens the log under a key that covers the weights, the settings and the benchmark: lines made under another
 * key are not used, so no model's answers ever stand for another's. A last line cut short is made again.
 */
export function openSamples(evalDir: string, model: string, benchmark: string, key: string): SampleLog {
  const path = join(joinInside(join(evalDir, "samples"), model), `${benchmark}.jsonl`);
  const done = new Map<string, SampleLine>();
  const header = JSON.stringify({ key });
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
  if (lines[0] === header) {
    for (const line of lines.slice(1)) {
      const sample = JSON.parse(line) as SampleLine;
      if (!("error" in sample)) done.set(sample.id, sample);
    }
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, [header, ...[...done.values()].map((line) => JSON.stringify(line)), ""].join("\n"));
  return {
    done,
    add(line) {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
      done.set(line.id, line);
    },
  };
}
