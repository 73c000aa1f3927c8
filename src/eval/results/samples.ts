import { appendFile, readFile } from "node:fs/promises";
import { evalPaths } from "../../contracts/run-folder.ts";
import { joinInside, writeFileAtomic } from "../../files.ts";
import type { Answer } from "../benchmark.ts";

/** One line of `eval/samples/<model>/<benchmark>.jsonl`: what was asked, answered and scored. */
export type SampleLine = {
  id: string;
  shortened: boolean;
  /** Tokens cut of the prompt. Absent in logs of older versions. */
  cut?: number;
  inputHash: string;
  /** What the question is about, where several may be about the same. */
  document?: string;
} & (Answer | { error: string });

/** The log of one model and benchmark. An interrupted evaluation continues from it. */
export interface SampleLog {
  done: ReadonlyMap<string, SampleLine>;
  /** Resolves when the line is in the file. */
  add(line: SampleLine): Promise<void>;
}

export function samplesPath(evalDir: string, model: string, benchmark: string): string {
  return joinInside(joinInside(evalPaths(evalDir).samples, model), `${benchmark}.jsonl`);
}

/**
 * Opens the log under a key that covers the weights, the settings and the benchmark. Lines made under another
 * key are not used, so the answers of one model are never taken for another's. Lines that are incomplete or
 * ended in an error are made again.
 */
export async function openSamples(
  evalDir: string,
  model: string,
  benchmark: string,
  key: string,
): Promise<SampleLog> {
  const path = samplesPath(evalDir, model, benchmark);
  const old = await readSamples(path);
  const kept = old.key === key ? old.lines.filter((line) => !("error" in line)) : [];
  const done = new Map(kept.map((line) => [line.id, line]));
  await writeSamples(path, key, [...done.values()]);
  return {
    done,
    async add(line) {
      await appendFile(path, `${JSON.stringify(line)}\n`);
      done.set(line.id, line);
    },
  };
}

/** Writes a whole log in place of what is there. */
export async function writeSamples(path: string, key: string, lines: readonly SampleLine[]): Promise<void> {
  await writeFileAtomic(path, [{ key }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Reads a log, leaving out lines that a crash left incomplete. Empty when there is no log. */
export async function readSamples(path: string): Promise<{ key: string; lines: SampleLine[] }> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const [header, ...lines] = text.split("\n").flatMap((line) => parseLine(line));
  return { key: (header as { key?: string } | undefined)?.key ?? "", lines: lines as SampleLine[] };
}

function parseLine(line: string): unknown[] {
  if (line === "") return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
