import type { Message } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import { type ChatTemplate, chatTemplateOf } from "./template.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A rendered conversation: `trained[t]` is 1 where token t is a target of the loss. Both [T]. */
export interface Rendered {
  ids: Int32Array;
  trained: Uint8Array;
}

/** One run of tokens to be: a special token by id, or text to encode. */
type Run = { trained: boolean } & ({ id: number } | { text: string });

/** Half-open range of the rendered text. */
interface Range {
  start: number;
  end: number;
}

/**
 * The conversation as the checkpoint's chat template writes it, with the answers and their end tokens marked.
 * Message content is encoded as text, so no special token comes from it. Throws DataError for messages that
 * the template refuses, or a template in which answers cannot be found again.
 */
export async function renderChat(tokenizer: Tokenizer, messages: readonly Message[]): Promise<Rendered> {
  return (await renderChats(tokenizer, [messages]))[0]!;
}

/** Many conversations at once: their texts are encoded side by side. */
export async function renderChats(
  tokenizer: Tokenizer,
  conversations: readonly (readonly Message[])[],
): Promise<Rendered[]> {
  const template = await chatTemplateOf(tokenizer);
  return encodeRuns(
    tokenizer,
    conversations.map((messages) => planChat(tokenizer, template, messages, false)),
  );
}

/** The conversation up to where the model's answer begins: the same ids with which `renderChat` goes on. */
export async function renderPrompt(tokenizer: Tokenizer, messages: readonly Message[]): Promise<Int32Array> {
  const template = await chatTemplateOf(tokenizer);
  const [rendered] = await encodeRuns(tokenizer, [planChat(tokenizer, template, messages, true)]);
  return rendered!.ids;
}

/** A plain document: BOS, text, EOS, every token trained but the first, which nothing predicts. */
export async function renderTexts(tokenizer: Tokenizer, texts: readonly string[]): Promise<Rendered[]> {
  const special = (id: number | null, trained: boolean): Run[] => (id === null ? [] : [{ id, trained }]);
  return encodeRuns(
    tokenizer,
    texts.map((text) => [
      ...special(tokenizer.bosId, false),
      { text, trained: true },
      ...special(tokenizer.eosId, true),
    ]),
  );
}

export function isTrained(message: Message): boolean {
  return message.train ?? message.role === "assistant";
}

/**
 * Runs of a conversation. Where an answer begins (the prompt rendered so far ends) the text is always cut
 * before it is encoded, so a prompt's ids are a prefix of the whole's by construction.
 */
function planChat(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  messages: readonly Message[],
  isPrompt: boolean,
): Run[] {
  const { text, contents } = locate(template, messages, isPrompt);
  const specials = specialsOutside(tokenizer, text, contents);
  const cuts = new Set<number>();
  const trained: Range[] = [];
  for (const [i, message] of messages.entries()) {
    const content = contents[i]!;
    if (message.role === "assistant") {
      const start = answerStart(template, messages, i, text, content);
      cuts.add(start);
      if (isTrained(message)) trained.push({ start, end: endOfTurn(specials, contents, i) });
    } else if (isTrained(message)) trained.push(content);
  }
  for (const { start, end } of trained) cuts.add(start).add(end);

  const runs: Run[] = [];
  const isInside = (at: number): boolean => trained.some(({ start, end }) => start <= at && at < end);
  const addText = (start: number, end: number): void => {
    const inner = [...cuts].filter((cut) => start < cut && cut < end).sort((a, b) => a - b);
    let from = start;
    for (const to of [...inner, end]) {
      if (to > from) runs.push({ text: text.slice(from, to), trained: isInside(from) });
      from = to;
    }
  };
  let at = 0;
  for (const special of specials) {
    addText(at, special.start);
    runs.push({ id: special.id, trained: isInside(special.start) });
    at = special.end;
  }
  addText(at, text.length);
  return runs;
}

/** Marks around contents, from the private use area so that no template treats them as words or spaces. */
const mark = (i: number): string => `\u{F0000}${i}\u{F0001}`;

/**
 * The rendered text and where each message's content stands in it. The template is rendered once with marks
 * in place of the contents and once as it is: putting the contents (as they are, or trimmed, as many templates
 * do) where the marks are must give the same text, or the template changes content in a way we cannot follow.
 */
function locate(
  template: ChatTemplate,
  messages: readonly Message[],
  isPrompt: boolean,
): { text: string; contents: Range[] } {
  const text = template.render(messages, isPrompt);
  const marked = template.render(
    messages.map((message, i) => ({ ...message, content: mark(i) })),
    isPrompt,
  );
  for (const form of [(s: string) => s, (s: string) => s.trim()]) {
    const contents: Range[] = [];
    let built = "";
    let from = 0;
    for (const [i, message] of messages.entries()) {
      const at = marked.indexOf(mark(i), from);
      if (at < 0) break;
      built += marked.slice(from, at);
      const start = built.length;
      built += form(message.content);
      contents.push({ start, end: built.length });
      from = at + mark(i).length;
    }
    if (contents.length === messages.length && built + marked.slice(from) === text) return { text, contents };
  }
  throw new DataError(
    "chat template: expected one that writes every message's content as it is, in order, got one that changes " +
      "or leaves out content, so what is the answer cannot be told. Use another chat_template.jinja.",
  );
}

type Special = Range & { id: number };

/** Special tokens that the template wrote, in order; none are looked for in contents. */
function specialsOutside(tokenizer: Tokenizer, text: string, contents: readonly Range[]): Special[] {
  const found: Special[] = [];
  const names = [...tokenizer.specials.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return found;
  const pattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  let from = 0;
  for (const { start, end } of [...contents, { start: text.length, end: text.length }]) {
    for (const match of text.slice(from, start).matchAll(pattern)) {
      const at = from + match.index;
      found.push({ start: at, end: at + match[0].length, id: tokenizer.specials.get(match[0])! });
    }
    from = end;
  }
  return found;
}

/** Where answer i begins: the end of its prompt, which the whole must begin with. */
function answerStart(
  template: ChatTemplate,
  messages: readonly Message[],
  i: number,
  text: string,
  content: Range,
): number {
  const prompt = i === 0 ? "" : template.render(messages.slice(0, i), true);
  if (text.startsWith(prompt) && prompt.length <= content.start) return prompt.length;
  throw new DataError(
    `chat template: expected the prompt of message ${i} to be how the whole conversation begins, got another ` +
      "text: training and generation would not see the same prompt. Use another chat_template.jinja.",
  );
}

/** The end of turn i: after the first special token that follows its content, before the next content. */
function endOfTurn(specials: readonly Special[], contents: readonly Range[], i: number): number {
  const { end } = contents[i]!;
  const next = contents[i + 1]?.start ?? Number.POSITIVE_INFINITY;
  return specials.find((special) => special.start >= end && special.end <= next)?.end ?? end;
}

async function encodeRuns(tokenizer: Tokenizer, plans: readonly (readonly Run[])[]): Promise<Rendered[]> {
  const texts = plans.flatMap((runs) => runs.flatMap((run) => ("text" in run ? [run.text] : [])));
  const encoded = (await tokenizer.encodeBatch(texts)).values();
  return plans.map((runs) => {
    const parts = runs.map((run) => ("id" in run ? Int32Array.of(run.id) : encoded.next().value!));
    const length = parts.reduce((n, part) => n + part.length, 0);
    const rendered = { ids: new Int32Array(length), trained: new Uint8Array(length) };
    let at = 0;
    for (const [i, part] of parts.entries()) {
      rendered.ids.set(part, at);
      if (runs[i]!.trained) rendered.trained.fill(1, at, at + part.length);
      at += part.length;
    }
    return rendered;
  });
}
