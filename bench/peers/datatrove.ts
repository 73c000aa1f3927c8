/**
 * Near-duplicate removal beside datatrove's MinHash: the same texts and settings, one thread each, in turns.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- datatrove [DOCUMENTS]
 *
 * Needs a Python with datatrove, xxhash below 4 and spacy; without one it says so and does nothing.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makeTexts, removeNear } from "../dedup.ts";
import { median, secondsOf } from "../tools/measure.ts";
import { python, whyNoPeer } from "./python.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../../test/interop/datatrove_peer.py", import.meta.url));
const minhash = { n_grams: 5, num_buckets: 14, hashes_per_bucket: 8 };

const reason = whyNoPeer("datatrove.pipeline.dedup", "xxhash", "spacy");
if (reason !== "") console.log(`skipped: ${reason}`);
else await compare(Number(process.argv[2] ?? 2000));

/** Measures ours before and after theirs, so that a change of the machine's speed can be seen. */
async function compare(documents: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "zebratune-bench-"));
  try {
    const texts = makeTexts(documents);
    const request = join(dir, "request.json");
    await writeFile(request, JSON.stringify({ texts, minhash, out: dir, repetition_filter: false }));
    let found = 0;
    const ours = () =>
      secondsOf(async () => {
        found = removeNear(texts, { shingle: "words", ...minhash });
      });
    await ours();
    const before = await ours();
    const { stdout } = await run(python!, [script, request], {
      env: { ...process.env, OMP_NUM_THREADS: "1" },
      maxBuffer: 64 << 20,
    });
    const theirs = JSON.parse(stdout.trim().split("\n").at(-1)!) as {
      kept: number[];
      seconds: number;
      signature_seconds: number;
    };
    const after = await ours();
    const rate = (seconds: number) => `${(documents / seconds).toFixed(0)} documents/s`;
    const all = theirs.seconds / median([before, after]);
    const signed = theirs.signature_seconds / median([before, after]);
    console.log(
      `dedup ${documents} × 2 KB: ours ${rate(before)} and ${rate(after)}, ${found} near copies; datatrove ` +
        `${rate(theirs.seconds)}, ${documents - theirs.kept.length} near copies: ` +
        `${all.toFixed(1)} times as fast, ${signed.toFixed(1)} times as its signatures alone`,
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}
