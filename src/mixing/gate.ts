import { GateError } from "../errors.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { Pack } from "./pack.ts";

/** Where a pack's sequences come from, for the gate and the manifest. */
export type DatasetOf = (exampleId: string) => string;

/**
 * Holds packs, as they will be trained on, against what a mask must be: every dataset has supervised tokens,
 * labels are the tokens they stand at, a sequence's first token (nothing predicts it) is never under loss, and
 * in chats each dataset trains an end token while no sequence is trained from its prompt's start on. Throws
 * GateError that shows the offending sequence, trained tokens in ⟦ ⟧.
 */
export async function checkMasks(
  tokenizer: Tokenizer,
  packs: Iterable<Pack>,
  datasetOf: DatasetOf,
  render: MixSpec["render"],
): Promise<void> {
  const datasets = new Map<string, { supervised: number; ends: number; pack: Pack; segment: number }>();
  const endIds = new Set(tokenizer.specials.values());
  for (const pack of packs) {
    let start = 0;
    for (const [segment, length] of [...pack.seq_lengths].entries()) {
      const name = datasetOf(pack.sources[segment]!);
      const seen = datasets.get(name) ?? { supervised: 0, ends: 0, pack, segment };
      datasets.set(name, seen);
      for (let t = start; t < start + length; t++) {
        const label = pack.labels[t]!;
        if (label < 0) continue;
        seen.supervised++;
        if (endIds.has(label)) seen.ends++;
        const problem =
          label !== pack.input_ids[t]
            ? "a label that is not its token"
            : t === start
              ? "loss on a first token"
              : null;
        if (problem)
          await refuse(tokenizer, pack, segment, `expected labels at their tokens, got ${problem}`);
      }
      start += length;
    }
  }
  for (const [name, { supervised, ends, pack, segment }] of datasets) {
    if (supervised === 0)
      await refuse(tokenizer, pack, segment, `dataset ${name}: expected supervised tokens, got none`);
    if (render === "chat" && ends === 0) {
      await refuse(
        tokenizer,
        pack,
        segment,
        `dataset ${name}: expected trained end tokens, got none, so the model would never learn to stop. ` +
          "The chat template must end answers with a special token",
      );
    }
  }
}

async function refuse(tokenizer: Tokenizer, pack: Pack, segment: number, problem: string): Promise<never> {
  const start = pack.seq_lengths.subarray(0, segment).reduce((a, b) => a + b, 0);
  const end = start + Math.min(pack.seq_lengths[segment]!, 200);
  let shown = "";
  for (let t = start; t < end; t++) {
    const token = await tokenizer.decode([pack.input_ids[t]!]);
    shown += pack.labels[t]! >= 0 ? `⟦${token}⟧` : token;
  }
  throw new GateError(`mask gate: ${problem}. Example ${pack.sources[segment]}:\n${shown}`);
}
