import { readFileSync } from "node:fs";
import { join } from "node:path";
import { folderOf, nanoDir } from "./fixtures.ts";

/**
 * Tokenizers in the forms of public ones, with a vocabulary of bytes and a few words of our own: the same
 * normalizer, pre-tokenizer, post-processor, decoder and configs, which are what decides how a text begins.
 */

const words = ["Ġthe", "Ġwhale", "ca", "me"];

/** GPT-2's letters for bytes. */
function byteLetters(): string[] {
  const visible = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173 && byte <= 255);
  let hidden = 0;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(visible(byte) ? byte : 256 + hidden++),
  );
}

const merges = [
  ["t", "h"],
  ["th", "e"],
  ["Ġ", "the"],
  ["w", "h"],
  ["wh", "a"],
  ["l", "e"],
  ["wha", "le"],
  ["Ġ", "whale"],
  ["c", "a"],
  ["m", "e"],
];

interface Form {
  /** In the order of their ids. */
  added: string[];
  /** Whether the special tokens come before all others, as in SmolLM2. */
  isFirst?: boolean;
  pre_tokenizer: unknown;
  post_processor: unknown;
  normalizer?: unknown;
  decoder?: unknown;
  tokenizerConfig: Record<string, unknown>;
  config?: Record<string, unknown>;
}

const byteLevel = (options: object = {}) => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: true,
  ...options,
});

const split = (digits: string) => ({
  type: "Sequence",
  pretokenizers: [
    {
      type: "Split",
      pattern: {
        Regex:
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" +
          `${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
      },
      behavior: "Isolated",
      invert: false,
    },
    byteLevel({ use_regex: false }),
  ],
});

function template(token: string, id: number) {
  const piece = (type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  return {
    type: "TemplateProcessing",
    single: [piece(0), text("A", 0)],
    pair: [piece(0), text("A", 0), piece(1), text("B", 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

function byteLevelFolder(form: Form): string {
  const { added, isFirst, tokenizerConfig, config, decoder = byteLevel(), ...rest } = form;
  const learnt = [...byteLetters(), ...new Set([...merges.map((pair) => pair.join("")), ...words])];
  const order = isFirst ? [...added, ...learnt] : [...learnt, ...added];
  const vocab = Object.fromEntries(order.map((token, id) => [token, id]));
  return folderOf({
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added.map((content) => special(content, vocab[content]!)),
      normalizer: null,
      decoder,
      ...rest,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: isFirst ? vocab : Object.fromEntries(learnt.map((token, id) => [token, id])),
        merges,
      },
    },
    "tokenizer_config.json": tokenizerConfig,
    ...(config && { "config.json": config }),
  });
}

function special(content: string, id: number) {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** SentencePiece as transformers converts it: ▁ for blanks, one before a text, bytes for the unknown. */
function llama2Folder(): string {
  const bytes = Array.from({ length: 256 }, (_, n) => `<0x${n.toString(16).toUpperCase().padStart(2, "0")}>`);
  const merges = [
    ["t", "h"],
    ["th", "e"],
    ["▁", "the"],
    ["▁", "a"],
    ["▁", "▁"],
  ];
  const letters = ["▁", ..."abcdefghijklmnopqrstuvwxyzCI.,'"];
  const tokens = ["<unk>", "<s>", "</s>", ...bytes, ...letters, ...merges.map((pair) => pair.join(""))];
  return folderOf({
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: ["<unk>", "<s>", "</s>"].map(special),
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Prepend", prepend: "▁" },
          { type: "Replace", pattern: { String: " " }, content: "▁" },
        ],
      },
      pre_tokenizer: null,
      post_processor: template("<s>", 1),
      decoder: {
        type: "Sequence",
        decoders: [
          { type: "Replace", pattern: { String: "▁" }, content: " " },
          { type: "ByteFallback" },
          { type: "Fuse" },
          { type: "Strip", content: " ", start: 1, stop: 0 },
        ],
      },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: "<unk>",
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: true,
        byte_fallback: true,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
    "tokenizer_config.json": {
      add_bos_token: true,
      add_eos_token: false,
      bos_token: "<s>",
      eos_token: "</s>",
      unk_token: "<unk>",
      legacy: false,
      clean_up_tokenization_spaces: false,
      tokenizer_class: "LlamaTokenizer",
    },
    "config.json": { model_type: "llama" },
  });
}

const chatmlTokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

/** A folder for each form, made when asked for. */
export const publicForms = {
  "Llama 2": llama2Folder,
  "Llama 3": () =>
    byteLevelFolder({
      added: ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"],
      pre_tokenizer: split("{1,3}"),
      post_processor: {
        type: "Sequence",
        processors: [byteLevel({ trim_offsets: false }), template("<|begin_of_text|>", 266)],
      },
      tokenizerConfig: {
        bos_token: "<|begin_of_text|>",
        eos_token: "<|eot_id|>",
        clean_up_tokenization_spaces: true,
        tokenizer_class: "PreTrainedTokenizerFast",
      },
      config: { model_type: "llama" },
    }),
  "GPT-2": () =>
    byteLevelFolder({
      added: ["<|endoftext|>"],
      pre_tokenizer: byteLevel(),
      post_processor: byteLevel({ trim_offsets: false }),
      tokenizerConfig: { model_max_length: 1024 },
      config: { model_type: "gpt2" },
    }),
  SmolLM2: () =>
    byteLevelFolder({
      added: chatmlTokens,
      isFirst: true,
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [{ type: "Digits", individual_digits: true }, byteLevel()],
      },
      post_processor: null,
      tokenizerConfig: {
        add_prefix_space: false,
        bos_token: "<|im_start|>",
        eos_token: "<|im_end|>",
        pad_token: "<|im_end|>",
        unk_token: "<|endoftext|>",
        clean_up_tokenization_spaces: false,
        tokenizer_class: "GPT2Tokenizer",
        vocab_size: 269,
      },
      config: { model_type: "llama" },
    }),
  Qwen: () =>
    byteLevelFolder({
      added: chatmlTokens,
      normalizer: { type: "NFC" },
      pre_tokenizer: split(""),
      post_processor: byteLevel({ trim_offsets: false, use_regex: false }),
      tokenizerConfig: {
        add_bos_token: false,
        add_prefix_space: false,
        bos_token: null,
        eos_token: "<|endoftext|>",
        pad_token: "<|endoftext|>",
        unk_token: null,
        clean_up_tokenization_spaces: false,
        tokenizer_class: "Qwen2Tokenizer",
      },
      config: { model_type: "qwen2" },
    }),
  nano: () =>
    folderOf(
      Object.fromEntries(
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"].map((name) => [
          name,
          readFileSync(join(nanoDir, name), "utf8"),
        ]),
      ),
    ),
} as const satisfies Record<string, () => string>;

/**
 * None begins with a blank: transformers 5 reads Llama 2's tokenizer.json with a pre-tokenizer of its own,
 * which puts no second ▁ there; transformers 4, SentencePiece and tokenizer.json itself do.
 */
export const plainTexts = [
  "Call me the whale",
  "the  whale\n\n the 12 345",
  "It's déjà vu, in 1851.",
  "a",
  "é",
];
