import { type Pack, unsupervised } from "../../contracts/pack.ts";
import { formatCount } from "../../format.ts";
import { cleanLine, cleanProse } from "../../quote.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { formatTable } from "../output/format.ts";
import type { Style } from "../output/style.ts";

export interface RenderOptions {
  style: Style;
  /** One line for each token instead of running text. */
  tokens?: boolean;
}

/** Explains how trained tokens are marked: by colour, or by brackets without colour. */
export function legend(style: Style): string {
  const sample = markTrained("trained tokens", style);
  return `${sample} count in the loss; the others are only read.`;
}

/**
 * One example of a pack as the model sees it, with special tokens, and with the trained tokens marked.
 * `segment` is the example's index in the pack.
 */
export async function renderSegment(
  pack: Pack,
  segment: number,
  tokenizer: Tokenizer,
  options: RenderOptions,
): Promise<string[]> {
  const { style } = options;
  const start = pack.seq_lengths.slice(0, segment).reduce((sum, length) => sum + length, 0);
  const end = start + (pack.seq_lengths[segment] ?? 0);
  const ids = pack.input_ids.subarray(start, end);
  const isTrained = Array.from(pack.labels.subarray(start, end), (label) => label !== unsupervised);
  const trained = isTrained.filter(Boolean).length;
  const counts = `${formatCount(ids.length)} tokens, ${formatCount(trained)} trained`;
  const head = `── ${style.bold(cleanLine(pack.sources[segment] ?? "unknown example"))} (${counts}) ──`;
  if (options.tokens)
    return [head, ...(await tokenLines(ids, isTrained, pack.position_ids.subarray(start, end), tokenizer))];
  return [head, ...(await runningText(ids, isTrained, tokenizer, style)).split("\n")];
}

async function runningText(
  ids: Int32Array,
  isTrained: boolean[],
  tokenizer: Tokenizer,
  style: Style,
): Promise<string> {
  const runs = await runsOf(ids, isTrained, tokenizer);
  const shown = runs.map(({ text, trained }) => ({ text: cleanProse(text), trained }));
  return shown.map(({ text, trained }) => (trained ? markTrained(text, style) : text)).join("");
}

/** A stretch of text whose tokens are all trained or all not trained. */
export interface TextRun {
  text: string;
  trained: boolean;
}

/** One example of a pack as text, split into trained and not trained stretches. */
export async function segmentRuns(pack: Pack, segment: number, tokenizer: Tokenizer): Promise<TextRun[]> {
  const start = pack.seq_lengths.slice(0, segment).reduce((sum, length) => sum + length, 0);
  const end = start + (pack.seq_lengths[segment] ?? 0);
  const isTrained = Array.from(pack.labels.subarray(start, end), (label) => label !== unsupervised);
  return runsOf(pack.input_ids.subarray(start, end), isTrained, tokenizer);
}

async function runsOf(ids: Int32Array, isTrained: boolean[], tokenizer: Tokenizer): Promise<TextRun[]> {
  const runs: TextRun[] = [];
  for (let from = 0; from < ids.length; ) {
    let to = from + 1;
    while (to < ids.length && isTrained[to] === isTrained[from]) to++;
    runs.push({ text: await decodeAfter(ids, from, to, tokenizer), trained: isTrained[from]! });
    from = to;
  }
  return runs;
}

/**
 * Decoded together with the token before it, because some decoders remove the space that a text begins with.
 */
async function decodeAfter(ids: Int32Array, from: number, to: number, tokenizer: Tokenizer): Promise<string> {
  const before = ids.subarray(Math.max(0, from - 1), from);
  const both = await tokenizer.decode(ids.subarray(from - before.length, to));
  return both.slice((await tokenizer.decode(before)).length);
}

/** Marks each line separately, so that a pager or `grep` shows every line correctly. */
function markTrained(text: string, style: Style): string {
  const mark = (line: string) => (style.enabled ? style.green(line) : `⟦${line}⟧`);
  return text
    .split("\n")
    .map((line) => (line === "" ? line : mark(line)))
    .join("\n");
}

async function tokenLines(
  ids: Int32Array,
  isTrained: boolean[],
  positions: Int32Array,
  tokenizer: Tokenizer,
): Promise<string[]> {
  const texts = await Promise.all(Array.from(ids, (id) => tokenizer.decode([id])));
  const rows = Array.from(ids, (id, i) => [
    String(positions[i]),
    String(id),
    isTrained[i] ? "trained" : "",
    JSON.stringify(texts[i]),
  ]);
  const [header = "", ...lines] = formatTable(["position", "id", "", "text"], rows, 4);
  return [header, ...lines];
}
