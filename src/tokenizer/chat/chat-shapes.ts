import { DataError } from "../../errors.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { hasThought, isSilent, type Skeleton, type SkeletonOptions, skeletonOf } from "./skeleton.ts";
import type { Chat, ChatTemplate } from "./template.ts";
import { type SkeletonOf, type Turn, turnsOf } from "./turns.ts";

/** What all conversations with the same roles share. It is rendered only once. */
export interface ChatShape {
  skeleton: Skeleton;
  turns: Turn[];
}

/** Limit of stored shapes. Even many conversations usually have few shapes. */
const maxShapes = 2_000;

/**
 * Finds the shape of a conversation in one template. `hidden` is the same conversation after `hideData`. Null
 * where `skeletonOf` gives null.
 */
export function createShapes(
  tokenizer: Tokenizer,
  template: ChatTemplate,
): (chat: Chat, hidden: Chat, options: SkeletonOptions) => ChatShape | null {
  const shapes = new Map<string, ChatShape | null>();
  return (chat, hidden, options) => {
    const key = shapeKey(chat, options);
    const known = shapes.get(key);
    if (known !== undefined) return known;
    const skeleton = skeletonOf(tokenizer, template, hidden, options);
    const partial: SkeletonOf = (count, isPrompt, { asText, followedBy } = {}) => {
      const some = hidden.messages.slice(0, count);
      const last = some.at(-1);
      if (asText && last) {
        const { role, content, reasoning_content } = last;
        some[count - 1] = { role, content, ...(reasoning_content !== undefined && { reasoning_content }) };
      }
      if (followedBy) some.push({ role: followedBy, content: "" });
      try {
        return skeletonOf(tokenizer, template, { ...hidden, messages: some }, { ...options, isPrompt });
      } catch (error) {
        if (error instanceof DataError) return null;
        throw error;
      }
    };
    const shape = skeleton && { skeleton, turns: turnsOf(chat.messages, skeleton, partial, tokenizer.bosId) };
    if (shapes.size >= maxShapes) shapes.clear();
    shapes.set(key, shape);
    return shape;
  };
}

/**
 * Conversations with the same key have the same skeleton: the same roles, and the same text of calls and
 * tools.
 */
function shapeKey({ messages, tools }: Chat, { isPrompt, thoughts, argumentsAs }: SkeletonOptions): string {
  const turns = messages.map((message, i) => {
    const { role, tool_calls: calls, tool_call_id: id, name } = message;
    const kind = thoughts.has(i) ? `${role}+thought` : hasThought(message) ? `${role}+reasoning` : role;
    if (calls === undefined && id === undefined && name === undefined) return kind;
    const said = isSilent(message, thoughts.has(i)) ? message.content : null;
    return `${kind}+${JSON.stringify([calls, id, name, thoughts.has(i) ? said !== null : said])}`;
  });
  const defined = tools === undefined ? "" : ` ${tools}`;
  return `${isPrompt ? "prompt" : "whole"} ${argumentsAs} ${turns.join(" ")}${defined}`;
}
