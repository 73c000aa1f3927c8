import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Message } from "../../contracts/example.ts";
import { CheckpointError, DataError } from "../../errors.ts";
import { TemplateError } from "../../jinja/errors.ts";
import { textArgument } from "../../jinja/functions/arguments.ts";
import { chatOptions, Template } from "../../jinja/template.ts";
import { parseJson } from "../../jinja/values/parse-json.ts";
import { PyFunction } from "../../jinja/values/values.ts";
import { tokenizerFile } from "../../tokenizer-file-names.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { generationMarks } from "./generation-marks.ts";

/** What a template gets: messages, and the tools that they may call. */
export interface Chat {
  messages: readonly Message[];
  /** JSON text of a list, which keeps the kind of its numbers and the order of its keys. */
  tools?: string;
}

/** How templates expect the arguments of a call: most as an object, some (DeepSeek's) as JSON text. */
export type ArgumentsAs = "object" | "text";

/** The template refuses a conversation, or loses its calls. */
export class TemplateRefusal extends DataError {}

/** A chat template. It runs in a sandbox of its own small language and can read only messages and tools. */
export interface ChatTemplate {
  /** Throws TemplateRefusal when the template refuses the messages (for example roles in a wrong order). */
  render(chat: Chat, addGenerationPrompt: boolean, argumentsAs: ArgumentsAs): string;
  /**
   * The same with `generationMarks` around what `{% generation %}` blocks write. The contents must not
   * contain such marks.
   */
  renderMarked(chat: Chat, addGenerationPrompt: boolean, argumentsAs: ArgumentsAs): string;
  /** Whether the template marks what the model generates. */
  hasGeneration: boolean;
  /** The names by which it reads what an answer thinks; none where it has no place for thoughts. */
  thoughtNames: readonly string[];
}

/** Names under which templates look for a thought: Qwen's and most others', some newer ones', gpt-oss'. */
const knownThoughtNames = ["reasoning_content", "reasoning", "thinking"];

/**
 * The date for templates that write one (Llama 3.2, SmolLM3): the default date of Llama 3.1. The tokens of a
 * run must not depend on the day it is made, and evaluation must see the same date as training.
 */
const today = new Date(Date.UTC(2024, 6, 26));

/**
 * As in transformers: some checkpoints have a separate template (`tool_use`) for conversations with tools.
 */
export interface ChatTemplates {
  plain: ChatTemplate;
  withTools: ChatTemplate;
}

/**
 * Loads the template that was chosen for the tokenizer, else the checkpoint's own: `chat_template.jinja`,
 * else `chat_template` in tokenizer_config.json.
 */
export async function loadChatTemplates(tokenizer: Tokenizer): Promise<ChatTemplates> {
  const sources =
    tokenizer.chatTemplate === null
      ? ((await ownSources(tokenizer.dir)) ?? noTemplate(tokenizer.dir))
      : { plain: tokenizer.chatTemplate };
  const plain = parseTemplate(tokenizer, sources.plain);
  return {
    plain,
    withTools: sources.withTools === undefined ? plain : parseTemplate(tokenizer, sources.withTools),
  };
}

/** Whether there is a template: one that was chosen, or the checkpoint's own. */
export async function hasChatTemplate({ chatTemplate, dir }: Tokenizer): Promise<boolean> {
  return chatTemplate !== null || (await ownSources(dir)) !== null;
}

function parseTemplate(tokenizer: Tokenizer, source: string): ChatTemplate {
  const parse = (marks?: typeof generationMarks): Template => {
    try {
      return new Template(source, { ...chatOptions, ...(marks && { marks }) });
    } catch (cause) {
      if (!(cause instanceof TemplateError)) throw cause;
      const [where, hint] =
        tokenizer.chatTemplate === null
          ? [tokenizer.dir, `Mend ${tokenizerFile.chatTemplate} or take it from the model's page again.`]
          : ["model.chat_template", "Mend the file."];
      throw new CheckpointError(
        `${where}: expected a chat template that parses, got ${cause.message}. ${hint}`,
        { cause },
      );
    }
  };
  const plain = parse();
  const isMarked = plain.hasGeneration;
  const marked = isMarked ? parse(generationMarks) : plain;
  const thoughtNames = knownThoughtNames.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  const renderWith =
    (template: Template) =>
    ({ messages, tools }: Chat, addGenerationPrompt: boolean, argumentsAs: ArgumentsAs): string => {
      try {
        return template.render({
          messages: messages.map((message) => toldMessage(message, argumentsAs, thoughtNames)),
          add_generation_prompt: addGenerationPrompt,
          // As in transformers when there are none: templates check for null.
          tools: tools === undefined ? null : parseJson(tools),
          documents: null,
          bos_token: tokenizer.bosToken ?? undefined,
          eos_token: tokenizer.eosToken ?? undefined,
          pad_token: tokenizer.padToken ?? undefined,
          strftime_now: strftimeNow,
        });
      } catch (cause) {
        if (!(cause instanceof TemplateError)) throw cause;
        const why = cause.message.replace(/\.$/, "");
        const refused = hasTools(messages, tools)
          ? `a conversation with tools: ${why}. Not every template writes tools: take a checkpoint whose ` +
            "template does."
          : why;
        throw new TemplateRefusal(
          `chat template of ${tokenizer.dir}: expected messages that it takes, got: ${refused}`,
          { cause },
        );
      }
    };
  return {
    render: renderWith(plain),
    renderMarked: renderWith(marked),
    hasGeneration: isMarked,
    thoughtNames,
  };
}

/** Most templates that refuse such a conversation do not support tools, but their message does not say so. */
function hasTools(messages: readonly Message[], tools?: string): boolean {
  return (
    tools !== undefined ||
    messages.some(({ role, tool_calls }) => role === "tool" || tool_calls !== undefined)
  );
}

/**
 * A message as templates get it. What it does not have must not be a key, because templates check for keys.
 */
function toldMessage(
  { role, content, reasoning_content: thought, tool_calls, tool_call_id, name }: Message,
  argumentsAs: ArgumentsAs,
  thoughtNames: readonly string[],
): object {
  const calls = tool_calls?.map(({ function: { name, arguments: given }, ...call }) => ({
    ...call,
    function: { name, arguments: argumentsAs === "text" ? given : parseJson(given) },
  }));
  return {
    role,
    content,
    ...(thought !== undefined && Object.fromEntries(thoughtNames.map((known) => [known, thought]))),
    ...(calls && { tool_calls: calls }),
    ...(tool_call_id !== undefined && { tool_call_id }),
    ...(name !== undefined && { name }),
  };
}

const strftimeNow = new PyFunction("strftime_now", ({ positional }, run) =>
  formatDate(today, textArgument("strftime_now", positional[0], run)),
);

/** Python's strftime in English, at midnight; `%-d` is without its zero. Codes that it does not have stay. */
function formatDate(date: Date, format: string): string {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(date);
  const [year, day] = [date.getUTCFullYear(), date.getUTCDate()];
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const two = (n: number): string => String(n).padStart(2, "0");
  const [month, shortYear] = [two(date.getUTCMonth() + 1), two(year % 100)];
  const parts: Readonly<Record<string, string>> = {
    a: part({ weekday: "short" }),
    A: part({ weekday: "long" }),
    b: part({ month: "short" }),
    B: part({ month: "long" }),
    d: two(day),
    D: `${month}/${two(day)}/${shortYear}`,
    e: String(day).padStart(2, " "),
    f: "000000",
    F: `${year}-${month}-${two(day)}`,
    h: part({ month: "short" }),
    H: "00",
    I: "12",
    j: String(dayOfYear).padStart(3, "0"),
    m: month,
    M: "00",
    p: "AM",
    S: "00",
    T: "00:00:00",
    u: String(date.getUTCDay() || 7),
    w: String(date.getUTCDay()),
    x: `${month}/${two(day)}/${shortYear}`,
    X: "00:00:00",
    y: shortYear,
    Y: String(year),
    z: "",
    Z: "",
    "%": "%",
  };
  return format.replaceAll(/%(-?)([A-Za-z%])/g, (whole, dash: string, code: string) => {
    const text = parts[code];
    return text === undefined ? whole : dash ? text.replace(/^[0 ]+(?=.)/, "") : text;
  });
}

/** Whether the tokenizer in this folder brings a chat template. */
export async function hasOwnTemplate(dir: string): Promise<boolean> {
  return (await ownSources(dir)) !== null;
}

interface Sources {
  plain: string;
  withTools?: string;
}

async function ownSources(dir: string): Promise<Sources | null> {
  const own = await readFile(join(dir, tokenizerFile.chatTemplate), "utf8").catch(() => undefined);
  if (own !== undefined) {
    const withTools = await readFile(join(dir, tokenizerFile.toolTemplate), "utf8").catch(() => undefined);
    return { plain: own, ...(withTools !== undefined && { withTools }) };
  }
  const config = await readFile(join(dir, tokenizerFile.config), "utf8").catch(() => "{}");
  const listed = (JSON.parse(config) as { chat_template?: unknown }).chat_template;
  if (typeof listed === "string") return { plain: listed };
  if (Array.isArray(listed)) {
    const entries = listed as { name?: string; template?: string }[];
    const named = (name: string) => entries.find((entry) => entry.name === name)?.template;
    const [plain, withTools] = [named("default"), named("tool_use")];
    if (plain) return { plain, ...(withTools && { withTools }) };
  }
  return null;
}

function noTemplate(dir: string): never {
  throw new CheckpointError(
    `${dir}: expected a chat template, got none. Put chat_template.jinja beside tokenizer.json, or set ` +
      "model.chat_template in the recipe: chatml, llama3, zebra or a template's file.",
  );
}
