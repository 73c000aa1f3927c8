import type { TokenizerJson } from "./token-files.ts";

/** Pieces are at least this long: below it, calls cost more than they save. */
const pieceLength = 2048;

/**
 * Cuts a long text into pieces whose ids, joined, are those of the whole: pieces are encoded side by side, and
 * byte-pair merging slows with length. A cut is made only after a newline between two characters that are no
 * white space, where the patterns below end a word whatever stands around it. Any other tokenizer, and any
 * text without such places, stays whole.
 */
export function piecesOf(text: string, json: TokenizerJson): string[] {
  if (text.length <= 2 * pieceLength || !cutsAtNewlines(json)) return [text];
  const pieces: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n", pieceLength); at >= 0; at = text.indexOf("\n", at + 1)) {
    if (at + 1 - start < pieceLength || !isWord(text[at - 1]) || !isWord(text[at + 1])) continue;
    pieces.push(text.slice(start, at + 1));
    start = at + 1;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** Neither JavaScript's white space nor that of Unicode, which the patterns mean (they differ in U+0085, U+FEFF). */
function isWord(character: string | undefined): boolean {
  return character !== undefined && /[^\s\u0085]/u.test(character);
}

/** cl100k's pattern and its kin with one to three digits: Llama 3, Qwen, ours. */
const pattern =
  /^\(\?i:'s\|'t\|'re\|'ve\|'m\|'ll\|'d\)\|\[\^\\r\\n\\p\{L\}\\p\{N\}\]\?\\p\{L\}\+\|\\p\{N\}(\{1,\d\})?\| \?\[\^\\s\\p\{L\}\\p\{N\}\]\+\[\\r\\n\]\*\|\\s\*\[\\r\\n\]\+\|\\s\+\(\?!\\S\)\|\\s\+$/;

/**
 * True for byte-level tokenizers whose pattern is GPT-2's (the one inside ByteLevel) or cl100k's: in both no word
 * holds a newline followed by something else. Nothing may be normalised first, and no added token that is looked
 * for in text may reach over a newline.
 */
function cutsAtNewlines({ pre_tokenizer, normalizer, added_tokens = [] }: TokenizerJson): boolean {
  if (normalizer || typeof pre_tokenizer !== "object" || pre_tokenizer === null) return false;
  if (added_tokens.some(({ content, lstrip }) => lstrip || content.includes("\n"))) return false;
  const steps =
    "pretokenizers" in pre_tokenizer && Array.isArray(pre_tokenizer.pretokenizers)
      ? (pre_tokenizer.pretokenizers as Record<string, unknown>[])
      : [pre_tokenizer as Record<string, unknown>];
  const splits = steps.map(splitAtNewlines);
  return splits.includes(true) && !splits.includes(false);
}

/** Whether a step splits as above; null: it splits nothing. */
function splitAtNewlines(step: Record<string, unknown>): boolean | null {
  if (step.type === "ByteLevel") {
    if (step.add_prefix_space !== false) return false;
    return step.use_regex === false ? null : true;
  }
  if (step.type !== "Split" || step.behavior !== "Isolated" || step.invert === true) return false;
  return pattern.test(String((step.pattern as { Regex?: unknown } | undefined)?.Regex));
}
