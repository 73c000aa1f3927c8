import type { ContextSpan, Message } from "../../../contracts/example.ts";
import type { Reason } from "../../reason.ts";

interface Joined {
  messages: Message[];
  context: ContextSpan[] | undefined;
  /** The turn that each message begins with. */
  firsts: number[];
  changed?: Reason;
}

const gap = "\n\n";

/**
 * Turns of one role in a row as one, their texts a blank line apart and their calls one after the other;
 * spans move along. What tools answer stays apart. Turns stay as they are where the result would say
 * something else than they do: calls or a thought before a text, another speaker, one trained and one not.
 * `inserted`: how many messages at the beginning are no turns of the row.
 */
export function joinTurns(
  turns: readonly Message[],
  context: readonly ContextSpan[] | undefined,
  inserted: number,
): Joined {
  const messages: Message[] = [];
  const places: { message: number; shift: number }[] = [];
  const firsts: number[] = [];
  const joined: string[] = [];
  for (const [i, turn] of turns.entries()) {
    const before = messages.at(-1);
    if (before === undefined || !mayJoin(before, turn)) {
      messages.push(turn);
      firsts.push(i);
      places.push({ message: messages.length - 1, shift: 0 });
      continue;
    }
    const head = before.content === "" || turn.content === "" ? before.content : `${before.content}${gap}`;
    const calls = [...(before.tool_calls ?? []), ...(turn.tool_calls ?? [])];
    const content = `${head}${turn.content}`;
    messages[messages.length - 1] = { ...before, content, ...(calls.length > 0 && { tool_calls: calls }) };
    places.push({ message: messages.length - 1, shift: head.length });
    joined.push(`turn ${i + 1 - inserted} (${turn.role}) joined to the one before`);
  }
  if (joined.length === 0) return { messages, context: context && [...context], firsts };
  return {
    messages,
    firsts,
    context: context?.map(({ message, start, end }) => {
      const place = places[message];
      // A span of no message: the schema says so.
      if (place === undefined) return { message, start, end };
      return { message: place.message, start: start + place.shift, end: end + place.shift };
    }),
    changed: { reason: "joined_turns", detail: joined.join("; ") },
  };
}

function mayJoin(before: Message, turn: Message): boolean {
  return (
    before.role === turn.role &&
    turn.role !== "tool" &&
    before.train === turn.train &&
    before.name === turn.name &&
    turn.reasoning_content === undefined &&
    (before.tool_calls === undefined || turn.content.trim() === "")
  );
}
