import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { tokenizerFile } from "../tokenizer-file-names.ts";

export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
  /** Whether the token includes the white space before it and after it. */
  lstrip?: boolean;
  rstrip?: boolean;
}

/** The parts of `tokenizer.json` that are used here; the library gets all of it. */
export interface TokenizerJson {
  added_tokens?: AddedToken[];
  post_processor?: unknown;
  pre_tokenizer?: unknown;
  normalizer?: unknown;
  truncation?: unknown;
  padding?: unknown;
  model?: { unk_token?: unknown; unk_id?: unknown; vocab?: unknown } & Record<string, unknown>;
}

/** A step of the normalizer or pre-tokenizer: its `type`, and settings that go with it. */
export type TokenizerStep = Record<string, unknown>;

export interface TokenFiles {
  json: TokenizerJson;
  bosToken: string | null;
  eosToken: string | null;
  padToken: string | null;
  /** The token for text that the model does not know. */
  unknownToken: string | null;
  /** Added tokens that text must never become: those marked as special, and those named by a config. */
  controls: AddedToken[];
}

/**
 * Reads `tokenizer.json`, and the special tokens named in `tokenizer_config.json` and
 * `special_tokens_map.json` (both optional; the first has priority). Throws CheckpointError for what is
 * missing or damaged.
 */
export async function readTokenFiles(dir: string): Promise<TokenFiles> {
  const json = (await readJson(join(dir, tokenizerFile.tokens), true)) as TokenizerJson;
  const config = await readJson(join(dir, tokenizerFile.config), false);
  const map = await readJson(join(dir, tokenizerFile.specials), false);
  const defaults = await classDefaults(dir, config);
  const named = (key: string): string | null => {
    const own = tokenText(config[key]) ?? tokenText(map[key]);
    if (own !== undefined || Object.hasOwn(config, key)) return own ?? null;
    const usual = defaults[key];
    return usual !== undefined && isInVocabulary(json, usual) ? usual : null;
  };
  const added = json.added_tokens ?? [];
  if (!Array.isArray(added)) {
    throw new CheckpointError(
      `${join(dir, tokenizerFile.tokens)}: expected added_tokens to be a list, got ${typeof added}`,
    );
  }
  const names = new Set([...specialNames(config), ...specialNames(map)]);
  return {
    json,
    bosToken: named("bos_token"),
    eosToken: named("eos_token"),
    padToken: named("pad_token"),
    unknownToken: unknownOf(json),
    controls: added.filter(({ special, content }) => special || names.has(content)),
  };
}

/** Special tokens that transformers' classes have where no file names any: GPT-2's names none. */
const tokensOfClass: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GPT2Tokenizer: { bos_token: "<|endoftext|>", eos_token: "<|endoftext|>" },
  LlamaTokenizer: { bos_token: "<s>", eos_token: "</s>" },
  Qwen2Tokenizer: { eos_token: "<|endoftext|>" },
};

async function classDefaults(
  dir: string,
  { tokenizer_class: named }: Record<string, unknown>,
): Promise<Readonly<Record<string, string>>> {
  if (typeof named === "string") return tokensOfClass[named.replace(/Fast$/, "")] ?? {};
  const { model_type } = await readJson(join(dir, "config.json"), false);
  return model_type === "gpt2" ? tokensOfClass.GPT2Tokenizer! : {};
}

function isInVocabulary({ added_tokens = [], model }: TokenizerJson, token: string): boolean {
  const { vocab } = model ?? {};
  if (added_tokens.some(({ content }) => content === token)) return true;
  return typeof vocab === "object" && vocab !== null && Object.hasOwn(vocab, token);
}

function unknownOf({ model }: TokenizerJson): string | null {
  const { unk_token, unk_id, vocab } = model ?? {};
  // Unigram: an index into pairs [token, score].
  const named =
    typeof unk_id === "number" && Array.isArray(vocab) ? (vocab[unk_id] as unknown[])?.[0] : unk_token;
  return tokenText(named) ?? null;
}

const specialKeys = ["bos", "eos", "pad", "unk", "sep", "cls", "mask"].map((name) => `${name}_token`);

function* specialNames(config: Record<string, unknown>): Generator<string> {
  const listed = [config.additional_special_tokens, config.extra_special_tokens].flatMap((value) =>
    typeof value === "object" && value !== null ? Object.values(value) : [],
  );
  for (const value of [...specialKeys.map((key) => config[key]), ...listed]) {
    const text = tokenText(value);
    if (text !== undefined) yield text;
  }
}

/** A token as configs write it: a string, or an object with `content`. */
function tokenText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const content =
    typeof value === "object" && value !== null && "content" in value ? value.content : undefined;
  return typeof content === "string" ? content : undefined;
}

async function readJson(path: string, isRequired: boolean): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (!isRequired && (cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new CheckpointError(
      `${path}: expected a tokenizer file, got none that can be read. Copy the tokenizer files of the ` +
        "model here.",
      { cause },
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(`${path}: expected JSON, got text that does not parse. Copy the file again.`, {
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new CheckpointError(
    `${path}: expected a JSON object, got ${JSON.stringify(value).slice(0, 40)}. Copy the file again.`,
  );
}
