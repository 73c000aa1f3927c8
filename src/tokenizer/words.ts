import type { TokenizerJson } from "./token-files.ts";

/** How a tokenizer cuts text into words, each of which it encodes by itself. */
export interface WordCutter {
  /** Words whose ids, one after the other, are those of the text; null: this text has to be encoded whole. */
  cut(text: string): readonly string[] | null;
  /** The tokenizer of one word: it cuts and normalises no more. */
  json: TokenizerJson;
}

/**
 * The cutter of the tokenizers that most checkpoints have: byte-level ones with the pattern of GPT-2 or cl100k (Llama 3,
 * Qwen, ours), and SentencePiece-like ones in which no token goes on over a blank (Llama 2, Mistral, Gemma). Null for any
 * other: those encode texts whole.
 */
export function wordCutter(json: TokenizerJson): WordCutter | null {
  const cut = cutByPattern(json) ?? cutAtBlanks(json);
  if (cut === null) return null;
  // An added token is found before anything else is cut.
  const added = (json.added_tokens ?? []).map(({ content }) =>
    content.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
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
type TokenizerStep = Record<string, unknown>;

/**
 * Characters of which the library and some Node may disagree whether they are letters, as they are younger than one's
 * Unicode (15 to 17 differ): those of such scripts, and what this Node does not know at all.
 */
const unsure =
  /[\p{Cn}\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1\u{10000}-\u{1cfff}\u{1e000}-\u{1efff}\u{2a6e0}-\u{10ffff}]/u;
const newestUnicode = 17;

/** White space is Unicode's in these patterns, and JavaScript's \s is another. */
const space = "\\p{White_Space}";
const gpt2 = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${space}\\p{L}\\p{N}]+|${space}+(?!\\P{White_Space})|${space}+`;
const cl100k = (digits: string): string =>
  "'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" +
  `\\p{N}${digits}| ?[^${space}\\p{L}\\p{N}]+[\\r\\n]*|${space}*[\\r\\n]+|${space}+(?!\\P{White_Space})|${space}+`;
/** cl100k's pattern as `tokenizer.json` has it, and its kin with other runs of digits. */
const likeCl100k =
  /^\(\?i:'s\|'t\|'re\|'ve\|'m\|'ll\|'d\)\|\[\^\\r\\n\\p\{L\}\\p\{N\}\]\?\\p\{L\}\+\|\\p\{N\}((?:\{1,\d\})?)\| \?\[\^\\s\\p\{L\}\\p\{N\}\]\+\[\\r\\n\]\*\|\\s\*\[\\r\\n\]\+\|\\s\+\(\?!\\S\)\|\\s\+$/;

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

/** Of a ByteLevel step, or of a Split step and one that splits nothing. */
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

/** What stands for a blank. */
const mark = "▁";

/**
 * SentencePiece's byte-pair encoding takes the whole text for one word. Where no token has a mark behind another
 * character, nothing is ever merged over the place before a mark, so what lies between two such places is encoded by
 * itself.
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

/** Metaspace that does not split, or none. Gemma's step splits at blanks, of which its normalizer has left none. */
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
