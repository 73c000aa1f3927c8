import { type JsonObject, nameOf } from "../../files/json-rows.ts";

/** What a turn says, and what it thinks before that; or what stands there instead of text. */
export type Content = { text: string; thought?: string } | { got: string };

const textTypes: readonly unknown[] = ["text", "input_text", "output_text"];
/** Types of parts that are thoughts (Anthropic's, and the Responses API's), and the keys of their text. */
const thoughtKeys: Readonly<Record<string, string>> = { thinking: "thinking", reasoning: "text" };

/**
 * A text; or a list of parts (OpenAI's, the Responses API's, Anthropic's) that are all texts, one after the
 * other with nothing between them as chat templates write them, or thoughts before the first text. A picture,
 * a call or any other part is no text.
 */
export function contentOf(content: unknown): Content {
  if (typeof content === "string") return { text: content };
  if (!Array.isArray(content)) return { got: nameOf(content) };
  const texts: string[] = [];
  const thoughts: string[] = [];
  for (const [i, part] of (content as unknown[]).entries()) {
    const { type, text, ...more } = (typeof part === "object" && part !== null ? part : {}) as JsonObject;
    const key = typeof type === "string" && Object.hasOwn(thoughtKeys, type) ? thoughtKeys[type]! : undefined;
    const thought = key === "text" ? text : more[key ?? ""];
    if (textTypes.includes(type) && typeof text === "string") texts.push(text);
    else if (typeof thought === "string" && texts.length === 0) thoughts.push(thought);
    else return { got: `part ${i + 1}, ${partName(part, typeof thought === "string")}` };
  }
  const thought = thoughts.join("\n");
  return { text: texts.join(""), ...(thought.trim() !== "" && { thought }) };
}

function partName(part: unknown, isThought: boolean): string {
  if (isThought) return "a thought behind a text";
  const type = typeof part === "object" && part !== null ? (part as JsonObject).type : undefined;
  const what = typeof type === "string" ? `of type ${JSON.stringify(type).slice(0, 60)}` : nameOf(part);
  return `${what}, which is no part of text`;
}
