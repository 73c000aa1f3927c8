import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tokenizer as Native } from "tokenizers";
import { packagePath } from "../../src/package-root.ts";
import { type Conversed, renderChat } from "../../src/tokenizer/chat/chat.ts";
import type { TrainOn } from "../../src/tokenizer/chat/train-on.ts";
import type { AddedToken, TokenizerJson } from "../../src/tokenizer/token-files.ts";
import { loadTokenizer, type Tokenizer } from "../../src/tokenizer/tokenizer.ts";

export const nanoDir = packagePath("checkpoints", "zebra-nano-tokenizer");

/** A folder with these files; objects are written as JSON. */
export function folderOf(files: Record<string, unknown>): string {
  const dir = mkdtempSync(join(tmpdir(), "zebratune-tokenizer-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return dir;
}

export function nanoJson(): TokenizerJson & { added_tokens: AddedToken[] } {
  return JSON.parse(readFileSync(join(nanoDir, "tokenizer.json"), "utf8"));
}

/** The nano tokenizer with more added tokens (from id 4096 on) and another template. */
export function nanoWith(
  template: string | { name: string; template: string }[],
  added: Partial<AddedToken>[],
  config: Record<string, unknown> = { bos_token: "<s>", eos_token: "</s>" },
): Promise<Tokenizer> {
  const json = nanoJson();
  for (const [i, token] of added.entries())
    json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, ...token });
  return loadTokenizer(
    folderOf({ "tokenizer.json": json, "tokenizer_config.json": { ...config, chat_template: template } }),
  );
}

/** The text with what is trained in ⟦ ⟧. */
export async function markedText(tokenizer: Tokenizer, chat: Conversed, trainOn?: TrainOn): Promise<string> {
  const { ids, trained } = await renderChat(tokenizer, chat, trainOn);
  let text = "";
  for (let t = 0; t < ids.length; ) {
    let end = t;
    while (end < ids.length && trained[end] === trained[t]) end++;
    const piece = await tokenizer.decode(ids.slice(t, end));
    text += trained[t] === 1 ? `⟦${piece}⟧` : piece;
    t = end;
  }
  return text;
}

/** A word-piece-like BPE in Llama 2's manner: ▁ for blanks, one put before a text. */
export function sentencePieceJson(parts: object): TokenizerJson & Record<string, unknown> {
  const letters = ["▁", ..."abcdeINST[]/.\n "];
  const vocab = Object.fromEntries(
    ["<unk>", "<s>", "</s>", ...letters, "▁a", "▁b", "▁▁"].map((t, i) => [t, i]),
  );
  const special = (content: string) => ({
    id: vocab[content]!,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    truncation: null,
    padding: null,
    added_tokens: ["<unk>", "<s>", "</s>"].map(special),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
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
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: [
        ["▁", "a"],
        ["▁", "b"],
        ["▁", "▁"],
      ],
    },
    ...parts,
  };
}

/** The library alone, to compare with. */
export const native = (json: unknown): Native => Native.fromString(JSON.stringify(json));

export async function idsOf(tokenizer: Native, text: string): Promise<number[]> {
  return (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
}
