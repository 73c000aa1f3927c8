import type { Message } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import { locateContents, type Range, specialsOutside } from "./located.ts";
import type { Place } from "./place.ts";
import { type ChatTemplate, chatTemplateOf } from "./template.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { answerRange, answerStart } from "./turns.ts";

/** A rendered conversation: `trained[t]` is 1 where token t is a target of the loss. Both [T]. */
export interface Rendered {
  ids: Int32Array;
  trained: Uint8Array;
}

/** One run of tokens to be: a special token by id, or text to encode at its place. */
type Run = { trained: boolean } & ({ id: number } | { text: string; place?: Place });

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

/** The same, with the DataError of each conversation that cannot be rendered in its place. */
export async function tryRenderChats(
  tokenizer: Tokenizer,
  conversations: readonly (readonly Message[])[],
): Promise<(Rendered | DataError)[]> {
  const template = await chatTemplateOf(tokenizer);
  const plans = conversations.map((messages) => {
    try {
      return planChat(tokenizer, template, messages, false);
    } catch (error) {
      if (error instanceof DataError) return error;
      throw error;
    }
  });
  const good = plans.flatMap((plan) => (plan instanceof DataError ? [] : [plan]));
  const rendered = (await encodeRuns(tokenizer, good)).values();
  return plans.map((plan) => (plan instanceof DataError ? plan : rendered.next().value!));
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
      { text, trained: true, place: "start" },
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
  const { text, contents } = locateContents(template, messages, isPrompt);
  const specials = specialsOutside(tokenizer, text, contents);
  const cuts = new Set<number>();
  const trained: Range[] = [];
  for (const [i, message] of messages.entries()) {
    const conversation = { template, messages, text, contents, specials };
    if (message.role === "assistant") {
      const start = answerStart(conversation, i);
      if (start !== null) cuts.add(start);
      if (isTrained(message)) trained.push(answerRange(conversation, i, start));
    } else if (isTrained(message)) trained.push(contents[i]!);
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

async function encodeRuns(tokenizer: Tokenizer, plans: readonly (readonly Run[])[]): Promise<Rendered[]> {
  const texts: string[] = [];
  const places: Place[] = [];
  for (const runs of plans) {
    for (const [i, run] of runs.entries()) {
      if (!("text" in run)) continue;
      texts.push(run.text);
      places.push(run.place ?? (i === 0 ? "start" : "id" in runs[i - 1]! ? "special" : "text"));
    }
  }
  const encoded = (await tokenizer.encodeBatch(texts, places)).values();
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
