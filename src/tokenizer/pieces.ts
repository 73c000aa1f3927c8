/** The parts of tokenizer.json that decide where a text may be cut. */
interface Splitting {
  pre_tokenizer?: unknown;
  normalizer?: unknown;
}

/** Pieces are at least this long: below it, calls cost more than they save. */
const pieceLength = 2048;

/**
 * Cuts a long text into pieces whose ids, joined, are those of the whole: pieces are encoded side by side, and
 * byte-pair merging slows with length. A cut is made only after a newline between two characters that are no
 * white space, where the patterns below end a word whatever stands around it. Any other tokenizer, and any
 * text without such places, stays whole.
 */
export function piecesOf(text: string, splitting: Splitting): string[] {
  if (text.length <= 2 * pieceLength || !cutsAtNewlines(splitting)) return [text];
  const pieces: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n", pieceLength); at >= 0; at = text.indexOf("\n", at + 1)) {
    const isSafe = /\S/u.test(text[at - 1]!) && at + 1 < text.length && /\S/u.test(text[at + 1]!);
    if (!isSafe || at + 1 - start < pieceLength) continue;
    pieces.push(text.slice(start, at + 1));
    start = at + 1;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/**
 * True for byte-level tokenizers whose pattern is GPT-2's or one of the family of cl100k (Llama 3, Qwen, ours):
 * in all of them no word holds a newline followed by something else. Nothing may be normalised first.
 */
function cutsAtNewlines({ pre_tokenizer, normalizer }: Splitting): boolean {
  if (normalizer || typeof pre_tokenizer !== "object" || pre_tokenizer === null) return false;
  const steps =
    "pretokenizers" in pre_tokenizer && Array.isArray(pre_tokenizer.pretokenizers)
      ? (pre_tokenizer.pretokenizers as Record<string, unknown>[])
      : [pre_tokenizer as Record<string, unknown>];
  return steps.every((step) => {
    if (step.type === "ByteLevel") return step.add_prefix_space !== true;
    if (step.type !== "Split") return false;
    const pattern = step.pattern as { Regex?: string } | undefined;
    return step.behavior === "Isolated" && pattern?.Regex?.includes("[^\\r\\n\\p{L}\\p{N}]?\\p{L}+") === true;
  });
}
