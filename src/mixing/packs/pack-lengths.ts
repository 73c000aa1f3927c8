import { existsSync } from "node:fs";
import { packsPath } from "../../contracts/run-folder.ts";
import { openPacks } from "./pack-store.ts";

/** How long the sequences of a mix are, and the answers in them. */
export interface PackLengths {
  /** Packs that were looked at, of how many: of a large mix, some spread evenly over it. */
  packs: number;
  ofPacks: number;
  /** Tokens of each sequence, by the beginning of its example's id: the dataset. */
  sequences: ReadonlyMap<string, number[]>;
  /** Tokens of each answer: a run of tokens under loss. */
  answers: number[];
}

/** At most about so many tokens are read. */
const readTokens = 1 << 22;

/** Reads the packs of one split; undefined where there are none. */
export async function readPackLengths(splitDir: string): Promise<PackLengths | undefined> {
  if (!existsSync(packsPath(splitDir))) return undefined;
  await using packs = await openPacks(splitDir);
  const stride = Math.max(1, Math.ceil(packs.tokens / readTokens));
  const sequences = new Map<string, number[]>();
  const found: PackLengths = { packs: 0, ofPacks: packs.count, sequences, answers: [] };
  for (let index = 0; index < packs.count; index += stride) {
    const { labels, seq_lengths, sources } = await packs.read(index);
    found.packs++;
    let start = 0;
    for (const [s, tokens] of seq_lengths.entries()) {
      const dataset = sources[s]!.split("/", 1)[0]!;
      const own = sequences.get(dataset);
      if (own) own.push(tokens);
      else sequences.set(dataset, [tokens]);
      addAnswers(labels.subarray(start, start + tokens), found.answers);
      start += tokens;
    }
  }
  return found;
}

/** Lengths of the runs of labels of one sequence. */
function addAnswers(labels: Int32Array, answers: number[]): void {
  let run = 0;
  for (const label of labels) {
    if (label >= 0) run++;
    else if (run > 0) {
      answers.push(run);
      run = 0;
    }
  }
  if (run > 0) answers.push(run);
}
