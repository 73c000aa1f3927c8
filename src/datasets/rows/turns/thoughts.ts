import type { Role } from "../../../contracts/example.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { type Dropped, drop } from "../conversation.ts";

/** Keys under which a turn has what the assistant thought before it answered. */
export const thoughtKeys = ["reasoning_content", "reasoning", "thinking"] as const;

/**
 * The thought of a turn, under whichever key, or in the parts of its content; undefined where there is
 * none. `content` is the key of what the turn says. A flag (`thinking: true`) is no thought. Two different
 * ones drop the row, since nobody knows which is meant.
 */
export function thoughtOf(
  turn: JsonObject,
  where: string,
  { role, content, inContent }: { role: Role; content: string; inContent: string | undefined },
): string | undefined | Dropped {
  if (inContent === undefined && !mayThink(turn)) return undefined;
  let [found, key] = [inContent, content];
  for (const own of thoughtKeys) {
    // Here it is the answer's.
    if (own === content) continue;
    const thought = turn[own];
    if (thought === undefined || thought === null || typeof thought === "boolean") continue;
    if (typeof thought !== "string")
      return drop("wrong_type", `${where}: expected text under ${own}, got ${nameOf(thought)}`);
    if (thought.trim() === "") continue;
    if (found !== undefined && found !== thought)
      return drop("thoughts", `${where}: expected one thought, got two under ${key} and ${own}`);
    [found, key] = [thought, own];
  }
  if (found !== undefined && role !== "assistant")
    return drop("thoughts", `${where}: expected thoughts of the assistant, got one of ${role} under ${key}`);
  return found;
}

/**
 * False for most turns: this runs for each, and names that stand here are looked up faster than those of a
 * list.
 */
export function mayThink({ reasoning_content: own, reasoning, thinking }: JsonObject): boolean {
  return (own ?? reasoning ?? thinking ?? undefined) !== undefined;
}
