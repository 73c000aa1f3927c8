import type { Message } from "../../contracts/example.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { type ChatTemplate, loadChatTemplates, TemplateRefusal } from "./template.ts";

/**
 * What a template writes of an answer besides the answer, as one question and one answer show it: text that
 * the model has to write after the prompt. It is found by comparing texts, without what makes the masks,
 * which are checked by it.
 */
export interface AnswerFrame {
  /**
   * Before an answer without a thought: gpt-oss' channel, or `</think>` where the prompt has opened a
   * thought.
   */
  before: string;
  /** Before a thought, and between it and the answer; null where the template has no place for thoughts. */
  thought: { before: string; between: string } | null;
  /** Whether the prompt itself opens the thought, so that the answer does not. */
  isOpened: boolean;
}

const [question, answer, thought] = ["zqquestionqz", "zqanswerqz", "zqthoughtqz"];
const frames = new WeakMap<Tokenizer, Promise<AnswerFrame>>();

/** Made once for a tokenizer. */
export function answerFrame(tokenizer: Tokenizer): Promise<AnswerFrame> {
  let frame = frames.get(tokenizer);
  if (!frame) {
    frame = loadChatTemplates(tokenizer).then(({ plain }) => frameOf(plain));
    frames.set(tokenizer, frame);
  }
  return frame;
}

function frameOf(template: ChatTemplate): AnswerFrame {
  const asked: Message[] = [{ role: "user", content: question }];
  const render = (messages: Message[], isPrompt: boolean): string | null => {
    try {
      return template.render({ messages }, isPrompt, "object");
    } catch (error) {
      if (error instanceof TemplateRefusal) return null;
      throw error;
    }
  };
  const prompt = render(asked, true) ?? "";
  const rest = (said: Omit<Message, "role">): string => {
    const whole = render([...asked, { role: "assistant", ...said }], false) ?? "";
    return whole.startsWith(prompt) ? whole.slice(prompt.length) : "";
  };
  const plain = rest({ content: answer });
  const thinking = rest({ content: answer, reasoning_content: thought });
  const [first, second] = [thinking.indexOf(thought), thinking.indexOf(answer)];
  return {
    before: plain.slice(0, Math.max(0, plain.indexOf(answer))),
    thought:
      first >= 0 && second > first
        ? { before: thinking.slice(0, first), between: thinking.slice(first + thought.length, second) }
        : null,
    isOpened: /<think>\s*$/.test(prompt),
  };
}
