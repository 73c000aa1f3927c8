import { Type } from "@sinclair/typebox";
import { compileSchema } from "../../ajv.ts";
import { type Example, exampleSchema, toolSchema } from "../../contracts/example.ts";

const matches = compileSchema("data", exampleSchema);
const areTools = compileSchema("data", Type.Array(toolSchema, { minItems: 1 }));

/**
 * What is wrong with `value` as a canonical example, or null: the JSON schema first, then what a schema
 * cannot say (spans inside their message, in order and apart; whole UTF-16 pairs at their ends; arguments
 * and tools that are JSON).
 */
export function exampleProblem(value: unknown): string | null {
  if (!matches(value)) {
    const error = matches.errors?.[0];
    return `${error?.instancePath || "/"} ${error?.message ?? "does not fit the schema"}`;
  }
  return contextProblem(value) ?? argumentsProblem(value) ?? toolsProblem(value);
}

function argumentsProblem({ messages }: Example): string | null {
  for (const [i, { tool_calls: calls = [] }] of messages.entries()) {
    for (const [k, call] of calls.entries()) {
      if (!isObjectText(call.function.arguments))
        return `/messages/${i}/tool_calls/${k}/function/arguments expected JSON text of an object`;
    }
  }
  return null;
}

function toolsProblem({ tools }: Example): string | null {
  if (tools === undefined || areTools(parsed(tools))) return null;
  return "/tools expected JSON text of a list of functions, each with a name";
}

function isObjectText(text: string): boolean {
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the text is JSON of; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function contextProblem({ messages, context = [] }: Example): string | null {
  let [message, end] = [0, 0];
  for (const [i, span] of context.entries()) {
    const content = messages[span.message]?.content;
    if (content === undefined)
      return `/context/${i}/message expected one of ${messages.length} messages, got ${span.message}`;
    if (span.end <= span.start || span.end > content.length) {
      return `/context/${i} expected a range inside 0–${content.length}, got ${span.start}–${span.end}`;
    }
    if (span.message < message || (span.message === message && span.start < end)) {
      return `/context/${i} expected spans in order that do not overlap, got start ${span.start} after end ${end}`;
    }
    if (splitsPair(content, span.start) || splitsPair(content, span.end)) {
      return `/context/${i} expected whole characters, got an end inside a surrogate pair`;
    }
    [message, end] = [span.message, span.end];
  }
  return null;
}

function splitsPair(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? "") && /[\udc00-\udfff]/.test(text[at] ?? "");
}
