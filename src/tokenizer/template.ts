import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import type { Message } from "../datasets/example.ts";
import { CheckpointError, DataError } from "../errors.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A chat template, rendered in the sandbox of its own small language: it can read messages, nothing else. */
export interface ChatTemplate {
  /** Throws DataError when the template refuses the messages (roles out of turn …). */
  render(messages: readonly Message[], addGenerationPrompt: boolean): string;
}

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
  let template: Template;
  try {
    template = new Template(source);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(`${tokenizer.dir}: expected a chat template that parses, got ${why}`, {
      cause,
    });
  }
  return {
    render(messages, addGenerationPrompt) {
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
        });
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new DataError(
          `chat template of ${tokenizer.dir}: expected messages that it takes, got: ${why}`,
          {
            cause,
          },
        );
      }
    },
  };
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
