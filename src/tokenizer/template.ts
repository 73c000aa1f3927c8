import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import type { Message } from "../datasets/example.ts";
import { CheckpointError, DataError } from "../errors.ts";
import { hasGeneration, withGenerationMarks } from "./generation.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A chat template, rendered in the sandbox of its own small language: it can read messages, nothing else. */
export interface ChatTemplate {
  /** Throws DataError when the template refuses the messages (roles out of turn …). */
  render(messages: readonly Message[], addGenerationPrompt: boolean): string;
  /** The same with `generationMarks` around what `{% generation %}` blocks write; for contents that have none. */
  renderMarked(messages: readonly Message[], addGenerationPrompt: boolean): string;
  /** Whether the template says itself what the model generates. */
  hasGeneration: boolean;
}

/**
 * What templates that write the date are told (Llama 3.2, SmolLM3): the day Llama 3.1 falls back to. A run's
 * tokens may not depend on the day it is made, and evaluation must see the date of training. The library has a
 * `strftime_now` of its own that cannot be replaced, so templates get it under another name.
 */
const today = new Date(Date.UTC(2024, 6, 26));

const cache = new WeakMap<Tokenizer, Promise<ChatTemplate>>();

/** The checkpoint's own: `chat_template.jinja`, else `chat_template` of tokenizer_config.json. */
export function chatTemplateOf(tokenizer: Tokenizer): Promise<ChatTemplate> {
  let template = cache.get(tokenizer);
  if (!template) {
    template = load(tokenizer);
    cache.set(tokenizer, template);
  }
  return template;
}

async function load(tokenizer: Tokenizer): Promise<ChatTemplate> {
  const source = await readSource(tokenizer.dir);
  const parse = (marks: boolean): Template => {
    try {
      return new Template(withGenerationMarks(source, marks).replaceAll(/\bstrftime_now\b/g, "date_now"));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`${tokenizer.dir}: expected a chat template that parses, got ${why}`, {
        cause,
      });
    }
  };
  const isMarked = hasGeneration(source);
  const plain = parse(false);
  const marked = isMarked ? parse(true) : plain;
  const renderWith =
    (template: Template) =>
    (messages: readonly Message[], addGenerationPrompt: boolean): string => {
      try {
        return template.render({
          messages: messages.map(({ role, content }) => ({ role, content })),
          add_generation_prompt: addGenerationPrompt,
          // As transformers gives them when there are none: templates ask whether they are null.
          tools: null,
          documents: null,
          bos_token: tokenizer.bosToken ?? "",
          eos_token: tokenizer.eosToken ?? "",
          pad_token: tokenizer.padToken ?? "",
          date_now: (format: string) => formatDate(today, format),
        });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new DataError(
          `chat template of ${tokenizer.dir}: expected messages that it takes, got: ${why}`,
          { cause },
        );
      }
    };
  return { render: renderWith(plain), renderMarked: renderWith(marked), hasGeneration: isMarked };
}

/** Python's strftime in English, as far as templates use it. */
function formatDate(date: Date, format: string): string {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(date);
  const parts: Record<string, string> = {
    "%d": part({ day: "2-digit" }),
    "%m": part({ month: "2-digit" }),
    "%Y": part({ year: "numeric" }),
    "%b": part({ month: "short" }),
    "%B": part({ month: "long" }),
    "%A": part({ weekday: "long" }),
    "%H": "00",
    "%M": "00",
    "%S": "00",
  };
  return format.replaceAll(/%[A-Za-z]/g, (code) => parts[code] ?? code);
}

async function readSource(dir: string): Promise<string> {
  const own = await readFile(join(dir, "chat_template.jinja"), "utf8").catch(() => undefined);
  if (own !== undefined) return own;
  const config = await readFile(join(dir, "tokenizer_config.json"), "utf8").catch(() => "{}");
  const listed = (JSON.parse(config) as { chat_template?: unknown }).chat_template;
  if (typeof listed === "string") return listed;
  if (Array.isArray(listed)) {
    const fallback = listed.find((entry: { name?: string }) => entry.name === "default") as {
      template?: string;
    };
    if (fallback?.template) return fallback.template;
  }
  throw new CheckpointError(
    `${dir}: expected a chat template, got none. Put chat_template.jinja beside tokenizer.json ` +
      "(checkpoints/zebra-nano-tokenizer has Zebra's [INST] form).",
  );
}
