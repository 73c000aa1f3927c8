import { escapeRegExp } from "../quote.ts";
import type { TokenizerJson, TokenizerStep } from "./token-files.ts";

/** How a tokenizer splits text into words, which it then encodes separately. */
export interface WordCutter {
  /**
   * Words whose ids, put together, are the ids of the text. Null when this text has to be encoded as a whole.
   */
  cut(text: string): readonly string[] | null;
  /** The tokenizer for one word: it does not split or normalise any more. */
  json: TokenizerJson;
}

/**
 * The word cutter for the tokenizers of most checkpoints: byte-level ones with the pattern of GPT-2 or cl100k
 * (Llama 3, Qwen, ours), and those like SentencePiece in which no token continues past a space (Llama 2,
 * Mistral, Gemma). Null for all others, which encode whole texts.
 */
export function wordCutter(json: TokenizerJson): WordCutter | null {
  const cut = cutByPattern(json) ?? cutAtBlanks(json);
  if (cut === null) return null;
  // Added tokens are found before the text is split, so such texts are encoded as a whole.
  const added = (json.added_tokens ?? []).map(({ content }) => escapeRegExp(content));
  const pattern = added.length > 0 ? new RegExp(added.join("|")) : null;
  const pre_tokenizer = cut.isByteLevel
    ? { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false }
    : null;
  return {
    cut: (text) => (pattern?.test(text) ? null : cut.words(text)),
    json: { ...json, added_tokens: [], post_processor: null, normalizer: null, pre_tokenizer },
  };
}

interface Cut {
  words(text: string): readonly string[] | null;
  isByteLevel: boolean;
}

/**
 * Characters for which the library and this Node may disagree about being letters, because their Unicode
 * versions (15 to 17) differ: those of newer scripts, and those that this Node does not know.
 */
const unsure = new RegExp(
  String.raw`[\p{Cn}\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1` +
    String.raw`\u{10000}-\u{1cfff}\u{1e000}-\u{1efff}\u{2a6e0}-\u{10ffff}]`,
  "u",
);
const newestUnicode = 17;

/** White space as Unicode defines it, which is not JavaScript's \s. */
const space = "\\p{White_Space}";
const gpt2 =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+|" +
  ` ?[^${space}\\p{L}\\p{N}]+|${space}+(?!\\P{White_Space})|${space}+`;
const cl100k = (digits: string): string =>
  "'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" +
  `\\p{N}${digits}| ?[^${space}\\p{L}\\p{N}]+[\\r\\n]*|${space}*[\\r\\n]+|` +
  `${space}+(?!\\P{White_Space})|${space}+`;
/** cl100k's pattern as written in `tokenizer.json`, and its variants with other groups of digits. */
const likeCl100k = new RegExp(
  String.raw`^\(\?i:'s\|'t\|'re\|'ve\|'m\|'ll\|'d\)\|\[\^\\r\\n\\p\{L\}\\p\{N\}\]\?\\p\{L\}\+\|` +
    String.raw`\\p\{N\}((?:\{1,\d\})?)\| \?\[\^\\s\\p\{L\}\\p\{N\}\]\+\[\\r\\n\]\*\|\\s\*\[\\r\\n\]\+\|` +
    String.raw`\\s\+\(\?!\\S\)\|\\s\+$`,
);

function cutByPattern({ pre_tokenizer, normalizer }: TokenizerJson): Cut | null {
  if (Number(process.versions.unicode) > newestUnicode) return null;
  const isComposed = (normalizer as TokenizerStep | null)?.type === "NFC";
  if (normalizer && !isComposed) return null;
  const source = patternOf(pre_tokenizer);
  if (source === null) return null;
  const pattern = new RegExp(source, "gu");
  return {
    isByteLevel: true,
    words(text) {
      if (unsure.test(text) || (isComposed && text.normalize("NFC") !== text)) return null;
      return text.match(pattern) ?? [];
    },
  };
}

/** The pattern of a ByteLevel step, or of a Split step followed by a ByteLevel step that does not split. */
function patternOf(preTokenizer: unknown): string | null {
  const { type, pretokenizers } = (preTokenizer ?? {}) as TokenizerStep;
  const steps =
    type === "Sequence" && Array.isArray(pretokenizers) ? (pretokenizers as TokenizerStep[]) : [preTokenizer];
  const [first, second, third] = steps as (TokenizerStep | undefined)[];
  const bytes = second ?? first;
  if (third || bytes?.type !== "ByteLevel" || bytes.add_prefix_space !== false) return null;
  if (!second) return bytes.use_regex === false ? null : gpt2;
  if (
    first?.type !== "Split" ||
    first.behavior !== "Isolated" ||
    first.invert === true ||
    bytes.use_regex !== false
  )
    return null;
  const digits = likeCl100k.exec(String((first.pattern as TokenizerStep | undefined)?.Regex))?.[1];
  return digits === undefined ? null : cl100k(digits);
}

/** The character that stands for a space. */
const mark = "▁";

/**
 * SentencePiece's byte-pair encoding treats the whole text as one word. If no token has a mark after another
 * character, nothing is ever merged across the position before a mark, so the text between two such positions
 * can be encoded separately.
 */
function cutAtBlanks({ model, normalizer, pre_tokenizer }: TokenizerJson): Cut | null {
  const { type, vocab, dropout, ignore_merges, continuing_subword_prefix, end_of_word_suffix } = (model ??
    {}) as TokenizerStep;
  if (type !== "BPE" || typeof vocab !== "object" || vocab === null || !Object.hasOwn(vocab, mark))
    return null;
  if (dropout || ignore_merges || continuing_subword_prefix || end_of_word_suffix) return null;
  for (const token in vocab) if (token.lastIndexOf(mark) > 0 && /[^▁]▁/.test(token)) return null;
  const changes = normalizersOf(normalizer);
  const steps = [...changes, preTokenizerOf(pre_tokenizer, changes.includes(marksForBlanks))];
  if (!steps.every((step) => step !== null)) return null;
  return {
    isByteLevel: false,
    words(text) {
      const marked = steps.reduce((made, step) => step(made), text);
      return marked.match(/▁*[^▁]+|▁+/g) ?? [];
    },
  };
}

type Change = (text: string) => string;

const marksForBlanks: Change = (text) => text.replaceAll(" ", mark);

function normalizersOf(normalizer: unknown): (Change | null)[] {
  if (!normalizer) return [];
  const { type, normalizers, prepend, pattern, content } = normalizer as TokenizerStep;
  if (type === "Sequence" && Array.isArray(normalizers)) return normalizers.flatMap(normalizersOf);
  if (type === "Prepend" && prepend === mark) return [(text) => (text === "" ? "" : mark + text)];
  if (type === "Replace" && (pattern as TokenizerStep | undefined)?.String === " " && content === mark)
    return [marksForBlanks];
  return [null];
}

/**
 * A Metaspace step that does not split, or none. Gemma's step splits at spaces, which its normalizer has
 * already replaced.
 */
function preTokenizerOf(preTokenizer: unknown, hasNoBlanks: boolean): Change | null {
  if (!preTokenizer) return (text) => text;
  const { type, replacement, prepend_scheme: scheme, split, pattern } = preTokenizer as TokenizerStep;
  if (type === "Split" && (pattern as TokenizerStep | undefined)?.String === " " && hasNoBlanks)
    return (text) => text;
  if (type !== "Metaspace" || replacement !== mark || split !== false) return null;
  if (scheme === "never") return marksForBlanks;
  if (scheme !== "always" && scheme !== "first") return null;
  return (text) => {
    const marked = marksForBlanks(text);
    return text === "" || marked.startsWith(mark) ? marked : mark + marked;
  };
}
