import type { Message, Role } from "../../../contracts/example.ts";
import { mapCall } from "../../../contracts/tool-calls.ts";
import { mapJsonText } from "../../../json-strings.ts";
import { counted, detail, joinReasons, type Reason } from "../../reason.ts";
import { type Dropped, drop, type Turns } from "../conversation.ts";
import { joinTurns } from "./join-turns.ts";
import { shown } from "./read-tools.ts";

/** A row's turns as an example has them; `changed` says what was corrected. */
export type CheckedTurns = Pick<Turns, "messages" | "tools" | "context" | "about"> & { changed?: Reason };

/**
 * Checks the turns and corrects what needs no guess: a blank system turn, and turns before the first question
 * or after the last answer, are left out; characters that no text may have (NUL, half a surrogate pair)
 * become U+FFFD; with `joinConsecutive`, turns of one role in a row become one. `changed` says so. Anything
 * else that is wrong drops the row.
 */
export function checkTurns(turns: Turns, joinConsecutive = false): CheckedTurns | Dropped {
  if (turns.messages.length === 0) return drop("missing_messages", "the conversation has no messages");
  const changes: Reason[] = [...(turns.changed ?? [])];
  const cleaned = turns.messages.map((message) => clean(message, changes));
  const tools = turns.tools && mapJsonText(turns.tools, (text) => cleanText(text, changes));
  const { inserted = 0 } = turns;
  const joined = joinConsecutive
    ? joinTurns(cleaned, turns.context, inserted)
    : { messages: cleaned, context: turns.context, firsts: cleaned.map((_, i) => i), changed: undefined };
  if (joined.changed) changes.push(joined.changed);
  const cut = cutEnds(joined.messages, changes);
  if ("dropped" in cut) return cut;
  const place = (i: number): string => `turn ${joined.firsts[i + cut.shift]! + 1 - inserted}`;
  const problem = orderProblem(cut.messages, place) ?? emptyProblem(cut.messages, place);
  if (problem) return { dropped: problem };
  const unasked = answerProblem(cut.messages, place);
  if (unasked !== null) return drop("tool_calls", detail(unasked));
  const context = joined.context?.map((span) => ({ ...span, message: span.message - cut.shift }));
  const changed = joinReasons(changes);
  return {
    messages: cut.messages,
    ...(tools ? { tools } : {}),
    ...(context ? { context } : {}),
    ...(turns.about ? { about: turns.about } : {}),
    ...(changed ? { changed } : {}),
  };
}

function clean(message: Message, changes: Reason[]): Message {
  const content = cleanText(message.content, changes);
  const cleaned = content === message.content ? message : { ...message, content };
  const { tool_calls: calls, tool_call_id: id, name, reasoning_content: thought } = message;
  if (calls === undefined && id === undefined && name === undefined && thought === undefined) return cleaned;
  const fix = (text: string): string => cleanText(text, changes);
  return {
    ...cleaned,
    ...(thought !== undefined && { reasoning_content: fix(thought) }),
    ...(calls && { tool_calls: calls.map((call) => mapCall(call, fix)) }),
    ...(id !== undefined && { tool_call_id: fix(id) }),
    ...(name !== undefined && { name: fix(name) }),
  };
}

/** One UTF-16 unit replaces one, so that context spans stay right. */
function cleanText(text: string, changes: Reason[]): string {
  let cleaned = text;
  if (cleaned.includes("\0")) {
    changes.push({ reason: "nul_character", detail: "NUL became U+FFFD" });
    cleaned = cleaned.replaceAll("\0", "\ufffd");
  }
  if (!cleaned.isWellFormed()) {
    changes.push({ reason: "lone_surrogate", detail: "half a surrogate pair became U+FFFD" });
    cleaned = cleaned.toWellFormed();
  }
  return cleaned;
}

function cutEnds(messages: Message[], changes: Reason[]): { messages: Message[]; shift: number } | Dropped {
  const system = messages[0]?.role === "system" ? 1 : 0;
  const blankSystem = system === 1 && isBlank(messages[0]!.content);
  if (blankSystem) changes.push({ reason: "empty_system", detail: "the blank system turn left out" });
  const firstQuestion = messages.findIndex((m) => m.role === "user");
  const lastAnswer = messages.findLastIndex((m) => m.role === "assistant");
  if (lastAnswer < 0) return drop("missing_answer", "no message is the assistant's");
  if (firstQuestion < 0 || firstQuestion > lastAnswer)
    return drop("role_order", "no question stands before an answer");
  const before = messages.slice(system, firstQuestion);
  if (before.some((m) => m.role !== "assistant"))
    return drop("role_order", `expected user first, got ${before[0]!.role}`);
  const after = messages.length - 1 - lastAnswer;
  if (before.length > 0) {
    changes.push({
      reason: "role_order",
      detail: `${counted(before.length, "turn")} before the first question left out`,
    });
  }
  if (after > 0)
    changes.push({
      reason: "role_order",
      detail: `${counted(after, "turn")} after the last answer left out`,
    });
  const head = blankSystem ? [] : messages.slice(0, system);
  const kept = [...head, ...messages.slice(firstQuestion, lastAnswer + 1)];
  return { messages: kept, shift: before.length + (blankSystem ? 1 : 0) };
}

const mayFollow: Record<Role | "start", readonly Role[]> = {
  start: ["system", "user"],
  system: ["user"],
  user: ["assistant"],
  assistant: ["user", "tool"],
  tool: ["tool", "assistant"],
};

type Place = (index: number) => string;

function orderProblem(messages: readonly Message[], place: Place): Reason | null {
  let before: Role | "start" = "start";
  for (const [i, { role }] of messages.entries()) {
    if (!mayFollow[before].includes(role)) {
      return { reason: "role_order", detail: `${place(i)} is ${role} after ${before}` };
    }
    before = role;
  }
  return null;
}

/** Whether turns of one role in a row are what is wrong, which `joinConsecutive` mends. */
export function isConsecutive({ reason, detail: found }: Reason): boolean {
  return reason === "role_order" && /is (\w+) after \1$/.test(found);
}

/** True for text without a visible character: a zero-width space is no answer, nor is U+FFFD. */
function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}\ufffd]/u.test(text);
}

function emptyProblem(messages: readonly Message[], place: Place): Reason | null {
  for (const [i, { role, content, tool_calls, reasoning_content: thought }] of messages.entries()) {
    if (!isBlank(content) || role === "tool" || tool_calls !== undefined) continue;
    const alone = thought === undefined ? "" : ": it has a thought (reasoning_content) and no answer";
    return {
      reason: role === "assistant" ? "empty_answer" : "empty_prompt",
      detail: `${place(i)} (${role}) is blank${alone}`,
    };
  }
  return null;
}

/**
 * What is wrong with tool turns, or null: one that names a call must name one made before, and there may be
 * no more tool turns than calls.
 */
function answerProblem(messages: readonly Message[], place: Place): string | null {
  const made = new Set<string>();
  let unanswered: number | null = null;
  for (const [i, { role, tool_calls: calls, tool_call_id: id }] of messages.entries()) {
    // Calls may also be written in the text: their number is not known.
    if (role !== "tool") unanswered = calls?.length ?? null;
    for (const call of calls ?? []) if (call.id !== undefined) made.add(call.id);
    if (role !== "tool") continue;
    const where = place(i);
    if (unanswered === 0) return `${where}: expected as many tool turns as calls before them, got one more`;
    if (unanswered !== null) unanswered--;
    if (id !== undefined && made.size > 0 && !made.has(id))
      return `${where}: expected tool_call_id to be one of ${shown([...made])}, got ${shown(id)}`;
  }
  return null;
}
