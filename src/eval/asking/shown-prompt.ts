import type { Example, Message } from "../../contracts/example.ts";
import type { ShownPrompt } from "../benchmark.ts";

/** Characters of a question, and of each end of a document, that the sample log has. */
const [mostText, mostEnd] = [2000, 400];

/** A prompt as people read it: what is asked, with the document apart, whose middle is left out. */
export function shownPrompt({ messages, context = [] }: Pick<Example, "messages" | "context">): ShownPrompt {
  const documents: string[] = [];
  const texts = messages.map(({ role, content }, i) => {
    let text = content;
    const spans = context.filter(({ message }) => message === i).toSorted((a, b) => b.start - a.start);
    for (const { start, end } of spans) {
      documents.unshift(content.slice(start, end));
      text = `${text.slice(0, start)}[document]${text.slice(end)}`;
    }
    return messages.length === 1 ? text : `${nameOf(role)}: ${text}`;
  });
  const document = documents.join("\n\n");
  return {
    text: withoutMiddle(texts.join("\n\n").trim(), mostText),
    ...(document !== "" && { document: withoutMiddle(document, 2 * mostEnd) }),
  };
}

/** Both ends of a text and how much is between them. */
export function withoutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most >> 1;
  const left = text.length - 2 * end;
  return `${text.slice(0, end)}\n[… ${left.toLocaleString("en-US")} characters …]\n${text.slice(-end)}`;
}

function nameOf(role: Message["role"]): string {
  return role[0]!.toUpperCase() + role.slice(1);
}
