/**
 * The data stage on JSON Lines, beside JSON.parse of the same lines. The difference is checks, ids, counts
 * and Parquet.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDataManifest } from "../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../src/datasets/stage/stage.ts";
import { randomOf } from "../src/random.ts";
import { type BenchCase, type BenchRow, inTurns } from "./tools/measure.ts";

/** Approximate size of the file: large enough that a run's start and end hardly count. */
const fileBytes = 256 * 2 ** 20;
/** Characters of an example: of a conversation, and of one about a long document. */
const exampleChars: Record<string, number> = { short: 2_000, long: 32_000 };

export function dataCases(): BenchCase[] {
  return Object.entries(exampleChars).map(([length, chars]) => {
    const name = `data jsonl ${length}`;
    return { name, run: () => benchData(name, chars) };
  });
}

/** Megabytes of JSON Lines a second, from the file to canonical examples, ledger and card on disk. */
async function benchData(name: string, chars: number): Promise<BenchRow> {
  const runDir = await mkdtemp(join(tmpdir(), "zebra-bench-data-"));
  try {
    const lines = makeLines(Math.round(fileBytes / chars), chars);
    const text = `${lines.join("\n")}\n`;
    const megabytes = Buffer.byteLength(text) / 1e6;
    const path = join(runDir, "rows.jsonl");
    await writeFile(path, text);
    const ctx = { runDir, emit: () => {}, stop: { stopped: false } };
    const data = {
      datasets: [{ name: "rows", path, format: "messages" as const, license: "cc0-1.0" }],
      split: { validation: 0.01, test: 0.01 },
    };
    const { seconds, rooflineSeconds } = await inTurns(
      () => runDataStage(ctx, { data, seed: 1 }),
      async () => {
        for (const line of lines) JSON.parse(line);
      },
    );
    const { kept, read } = readDataManifest(join(runDir, "data")).totals;
    const [rate, roofline] = [megabytes / seconds, megabytes / rooflineSeconds];
    const size = `${megabytes.toFixed(0)} MB, ${kept} of ${read} rows kept`;
    const note = `${size}; roofline: JSON.parse of the lines`;
    return { name, seconds, rate, unit: "MB/s", roofline, ratio: rate / roofline, note };
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}

/** Rows whose first prompt is three quarters of the text. A first answer, a question and an answer follow. */
function makeLines(count: number, chars: number): string[] {
  const random = randomOf(1, "data");
  const vocabulary = Array.from({ length: 20_000 }, (_, i) => (i * 7919 + 13).toString(36));
  const prose = (size: number) => {
    const words: string[] = [];
    for (let length = 0; length < size; length += words.at(-1)!.length + 1)
      words.push(vocabulary[Math.floor(vocabulary.length * random.next() ** 3)]!);
    return `"${words.join(" ")}."\n`;
  };
  return Array.from({ length: count }, (_, n) => {
    const [prompt, answer] = [Math.round(chars * 0.75), Math.round(chars / 12)];
    const messages = [prompt, answer, answer, answer].map((size, i) => {
      return { role: i % 2 === 0 ? "user" : "assistant", content: prose(size) };
    });
    return JSON.stringify({ id: `row-${n}`, messages });
  });
}
