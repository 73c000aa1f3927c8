import type { Tokenizer } from "../tokenizer.ts";
import { createShapes } from "./chat-shapes.ts";
import { type Located, locate, messagesWithThoughts, notLocated } from "./locate.ts";
import type { ArgumentsAs, Chat, ChatTemplate } from "./template.ts";
import { hideData } from "./tools/hidden-data.ts";
import { createToolCheck, noTools, requireCalls, writingCalls } from "./tools/tool-rendering.ts";
import type { TrainOn } from "./train-on.ts";
import { type TrainedRanges, trainedRanges } from "./trained-ranges.ts";

/** A conversation as its template writes it, and which parts of it are trained. */
export interface Conversation extends TrainedRanges {
  located: Located;
}

/**
 * Makes a function that renders a conversation with a template and finds its parts again with the help of its
 * shape. That function throws DataError for messages that the template refuses, for a template that changes
 * content or leaves out calls or tools, and when nothing that should be trained can be.
 */
export function createLayout(
  tokenizer: Tokenizer,
  template: ChatTemplate,
): (chat: Chat, isPrompt: boolean, trainOn: TrainOn) => Conversation {
  const shapeOf = createShapes(tokenizer, template);
  const writesTools = createToolCheck(template);

  const layOut = (
    chat: Chat,
    isPrompt: boolean,
    trainOn: TrainOn,
    argumentsAs: ArgumentsAs,
  ): Conversation => {
    const { messages } = chat;
    const text = template.render(chat, isPrompt, argumentsAs);
    const hidden = hideData(tokenizer, chat, argumentsAs);
    const thoughts = messagesWithThoughts(messages);
    // Most templates do not move thoughts, so this is tried first.
    for (const marked of thoughts.size > 0 ? [new Set<number>(), thoughts] : [thoughts]) {
      const shape = shapeOf(chat, hidden.chat, { isPrompt, thoughts: marked, argumentsAs });
      const located = shape && locate(text, shape.skeleton, messages, marked, hidden.texts);
      if (!located) continue;
      const { turns } = shape;
      requireCalls(located, turns, messages);
      return { located, ...trainedRanges({ located, turns, messages }, trainOn, template.hasGeneration) };
    }
    throw notLocated();
  };

  return (chat, isPrompt, trainOn) => {
    if (chat.tools !== undefined && !writesTools(chat, isPrompt)) throw noTools();
    if (!chat.messages.some(({ tool_calls }) => tool_calls)) return layOut(chat, isPrompt, trainOn, "object");
    return writingCalls((argumentsAs) => layOut(chat, isPrompt, trainOn, argumentsAs));
  };
}
