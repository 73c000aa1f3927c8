import { GateError } from "../errors.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { Pack } from "./pack.ts";

/** What the gate knows of an example besides its tokens. */
export interface Expected {
  dataset: string;
  /** Contents that are to be trained, as the example has them. */
  answers: readonly string[];
}

/** One sequence of a pack, tokens [start, end). */
interface Segment {
  pack: Pack;
  index: number;
  start: number;
  end: number;
}

/**
 * Holds packs, as they will be trained on, against what a mask must be. Labels are the tokens they stand at, and
 * never at a sequence's first token, which nothing predicts. In chats, what is under loss reads as the example's
 * answers, no more (a piece of the prompt) and no less, and each dataset trains end tokens; in plain text
 * everything is under loss. Every dataset has supervised tokens. Throws GateError that shows the offending
 * sequence, trained tokens in ⟦ ⟧.
 */
export async function checkMasks(
  tokenizer: Tokenizer,
  packs: Iterable<Pack>,
  expectedOf: (exampleId: string) => Expected,
  { render, train_on }: Pick<MixSpec, "render" | "train_on">,
): Promise<void> {
  const ends = new Set(tokenizer.specials.values());
  const datasets = new Map<string, { supervised: number; ends: number; first: Segment }>();
  for (const pack of packs) {
    for (const segment of segmentsOf(pack)) {
      const expected = expectedOf(pack.sources[segment.index]!);
      const labels = pack.labels.subarray(segment.start, segment.end).filter((label) => label >= 0);
      const problem =
        labelProblem(segment) ??
        (render === "text"
          ? wholeProblem(segment, labels.length)
          : await answerProblem(tokenizer, segment, expected.answers, train_on.eos === "all"));
      if (problem) throw await gateError(tokenizer, segment, problem);
      const seen = datasets.get(expected.dataset) ?? { supervised: 0, ends: 0, first: segment };
      datasets.set(expected.dataset, seen);
      seen.supervised += labels.length;
      for (const label of labels) if (ends.has(label)) seen.ends++;
    }
  }
  for (const [name, seen] of datasets) {
    if (seen.supervised === 0)
      throw await gateError(tokenizer, seen.first, `dataset ${name}: expected supervised tokens, got none`);
    if (render === "text" || train_on.eos === "none" || seen.ends > 0) continue;
    const problem = `dataset ${name}: expected trained end tokens, got none, so the model would never learn to stop`;
    throw await gateError(
      tokenizer,
      seen.first,
      `${problem}. The chat template must end answers with a special token`,
    );
  }
}

function* segmentsOf(pack: Pack): Generator<Segment> {
  let start = 0;
  for (const [index, length] of pack.seq_lengths.entries()) {
    yield { pack, index, start, end: start + length };
    start += length;
  }
}

function labelProblem({ pack, start, end }: Segment): string | null {
  for (let t = start; t < end; t++) {
    const label = pack.labels[t]!;
    if (label < 0) continue;
    if (label !== pack.input_ids[t])
      return "expected labels at their tokens, got a label that is not its token";
    if (t === start) return "expected labels after a first token, got loss on a first token";
  }
  return null;
}

function wholeProblem({ start, end }: Segment, supervised: number): string | null {
  const expected = end - start - 1;
  return supervised === expected ? null : `expected all ${expected} tokens under loss, got ${supervised}`;
}

/**
 * Computed from the example's text and the labels' text, with nothing of what made the mask: white space and
 * special tokens aside, which templates put around answers, both must be the same. Those stand where an answer
 * is: each run of labels has text of one, and a special token only as its last.
 */
async function answerProblem(
  tokenizer: Tokenizer,
  segment: Segment,
  answers: readonly string[],
  hasAllEnds: boolean,
): Promise<string | null> {
  const bare = (text: string): string =>
    (tokenizer.specialPattern ? text.replaceAll(tokenizer.specialPattern, "") : text)
      .replaceAll(/\s+/gu, "")
      // Qwen 3 writes an empty thought before an answer that has none.
      .replaceAll("<think></think>", "");
  const specials = new Set(tokenizer.specials.values());
  const maySayNothing = hasAllEnds || answers.some((answer) => bare(answer) === "");
  let got = "";
  for (const ids of runsOf(segment)) {
    const text = bare(await tokenizer.decode(ids));
    const special = ids.subarray(0, -1).find((id) => specials.has(id));
    if (special !== undefined || (text === "" && !maySayNothing)) {
      const what = special === undefined ? await tokenizer.decode(ids) : tokenizer.idToToken(special);
      return `expected loss on the answers alone, got it on ${JSON.stringify(what)}, which is between them`;
    }
    got += text;
  }
  const expected = answers.map(bare).join("");
  if (got === expected || got === "") return null;
  // A tokenizer that does not give every text back (one that normalises) is held to what it gives back.
  const again = [];
  for (const ids of await tokenizer.encodeBatch(answers)) again.push(bare(await tokenizer.decode(ids)));
  if (got === again.join("")) return null;
  return `expected loss on the answers alone, ${shown(expected)}, got it on ${shown(got)}`;
}

/** Labels that stand side by side. */
function* runsOf({ pack: { labels }, start, end }: Segment): Generator<Int32Array> {
  for (let from = start; from < end; ) {
    let to = from;
    while (to < end && labels[to]! >= 0) to++;
    if (to > from) yield labels.subarray(from, to);
    from = to + 1;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 50)}…${text.slice(-50)}` : text);
}

/** Tokens shown of an offending sequence, where its loss begins and before. */
const shownTokens = 200;

async function gateError(tokenizer: Tokenizer, segment: Segment, problem: string): Promise<GateError> {
  const { pack, index, start, end } = segment;
  const first = pack.labels.subarray(start, end).findIndex((label) => label >= 0);
  const from = Math.max(start, start + first - shownTokens / 2);
  let text = from > start ? "…" : "";
  for (let t = from; t < Math.min(end, from + shownTokens); t++) {
    const token = await tokenizer.decode([pack.input_ids[t]!]);
    text += pack.labels[t]! >= 0 ? `⟦${token}⟧` : token;
  }
  return new GateError(`mask gate: ${problem}. Example ${pack.sources[index]}:\n${text}`);
}
