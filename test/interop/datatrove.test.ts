import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { curated, exampleOf, wordsOf } from "../datasets/curate/examples.ts";
import { askPeer } from "./peers-python.ts";

/**
 * datatrove with the same settings comes to the same: what is a near copy, and which repetition limit a text
 * breaks.
 */
const reason = whyNoPeer("datatrove.pipeline.dedup", "datatrove.pipeline.filters", "xxhash, spacy");
const minhash = { n_grams: 5, num_buckets: 14, hashes_per_bucket: 8 };

const prose = (seed: string, count: number) => wordsOf(seed, count).join(" ");
/** `count` words of a text changed, evenly spread. */
function edited(text: string, count: number): string {
  const words = text.split(" ");
  const every = Math.floor(words.length / count);
  return words.map((word, i) => (i % every === every - 1 ? "changed" : word)).join(" ");
}

const copied = prose("copied", 400);
const texts = [
  ...Array.from({ length: 20 }, (_, i) => prose(`plain ${i}`, 300)),
  copied,
  edited(copied, 2),
  `${copied.toUpperCase()}!`,
  // Half of its shingles are another's: no near copy.
  edited(copied, 60),
];

const lines = (n: number) => Array.from({ length: n }, (_, i) => prose(`line ${i}`, 8));
const repeating: Record<string, string> = {
  none: prose("none", 400),
  dup_line_frac: [...lines(10), ...Array<string>(8).fill("so it goes")].join("\n"),
  dup_para_frac: [...lines(10), ...Array<string>(8).fill("so it goes")].join("\n\n"),
  dup_line_char_frac: [...lines(10), ...lines(4)].join("\n"),
  dup_para_char_frac: [...lines(10), ...lines(4)].join("\n\n"),
  top_2_gram: lines(20)
    .map((line) => `${line} nevertheless notwithstanding`)
    .join(" "),
  dup_n_grams: lines(16).concat(lines(4)).join(" "),
};

interface Reply {
  kept: number[];
  repetition: (string | null)[];
}

describe.skipIf(reason !== "")(`datatrove${reason && ` (skipped: ${reason})`}`, () => {
  let theirs: Reply;
  beforeAll(() => {
    const out = mkdtempSync(join(tmpdir(), "zebratune-interop-"));
    const all = [...texts, ...Object.values(repeating)];
    theirs = askPeer<Reply>("./datatrove_peer.py", out, { texts: all, minhash, out });
  });

  it("keeps the same of texts with planted near copies", async () => {
    const near = { ...minhash, shingle: "words", jaccard_threshold: 0.7, text: "conversation" } as const;
    const examples = texts.map((text, i) => exampleOf(String(i), text, ""));
    const ours = await curated(examples, { near_duplicates: near });
    const kept = ours.flatMap((one, i) => ("dropped" in one ? [] : [i]));
    expect(kept).toEqual(theirs.kept.filter((i) => i < texts.length));
    expect(kept).toEqual([...Array(21).keys(), 23]);
  });

  it("refuses the same texts for the same limit", async () => {
    const examples = Object.entries(repeating).map(([name, text]) => exampleOf(name, "Go on.", text));
    const ours = (await curated(examples, { filters: [{ name: "repetition" }] })).map((one) =>
      "dropped" in one ? one.dropped.detail.split(" ")[0]! : null,
    );
    // Its names for runs of words that were there before are another's than its settings'.
    const named = theirs.repetition
      .slice(texts.length)
      .map((name) => name?.replace(/^duplicated_(\d+)_n_grams$/, "dup_$1_grams") ?? null);
    expect(ours).toEqual(named);
    expect(ours[0]).toBe(null);
    expect(ours.slice(1)).not.toContain(null);
  });
});
