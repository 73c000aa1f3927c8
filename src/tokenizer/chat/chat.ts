import type { Message, Tool } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import type { RunPlace } from "../run-place.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { type Conversation, createLayout } from "./layout.ts";
import { type Chat, loadChatTemplates } from "./template.ts";
import { answersAlone, type TrainOn } from "./train-on.ts";

/** A rendered conversation. `trained[t]` is 1 where token t is a target of the loss. Both are [T]. */
export interface Rendered {
  ids: Int32Array;
  trained: Uint8Array;
  /**
   * Messages that should have been trained but are only read, because the template does not write them as the
   * model would be asked for them (Qwen 3 removes the thoughts of earlier turns).
   */
  leftOut?: number[];
}

/** A run of tokens before encoding: a special token by id, or a text with its place. */
type TokenRun = { trained: boolean } & ({ id: number } | { text: string; place?: RunPlace });

interface Plan {
  runs: TokenRun[];
  leftOut?: number[];
}

/**
 * A conversation, its tools as the JSON text that examples have or as a list; without tools its messages
 * alone.
 */
export type Conversed = Chat | (Omit<Chat, "tools"> & { tools?: readonly Tool[] }) | readonly Message[];

type Layout = (chat: Conversed, isPrompt: boolean, trainOn: TrainOn) => Conversation;
const layouts = new WeakMap<Tokenizer, Promise<Layout>>();

function layoutOf(tokenizer: Tokenizer): Promise<Layout> {
  let layout = layouts.get(tokenizer);
  if (!layout) {
    layout = openLayout(tokenizer);
    layouts.set(tokenizer, layout);
  }
  return layout;
}

async function openLayout(tokenizer: Tokenizer): Promise<Layout> {
  const { plain, withTools } = await loadChatTemplates(tokenizer);
  const [layout, toolLayout] = [createLayout(tokenizer, plain), createLayout(tokenizer, withTools)];
  return (given, isPrompt, trainOn) => {
    const { messages, tools } = "messages" in given ? given : { messages: given, tools: undefined };
    const text = tools === undefined || typeof tools === "string" ? tools : JSON.stringify(tools);
    const chat: Chat = { messages, ...(text !== undefined && { tools: text }) };
    return (chat.tools === undefined ? layout : toolLayout)(chat, isPrompt, trainOn);
  };
}

/**
 * Renders a conversation with the checkpoint's chat template and marks the answers and their end tokens.
 * Content, calls and tools are encoded as text, so they never give special tokens. Throws DataError for
 * messages that the template refuses, and for a template in which the answers cannot be found again.
 */
export async function renderChat(
  tokenizer: Tokenizer,
  chat: Conversed,
  trainOn?: TrainOn,
): Promise<Rendered> {
  return (await renderChats(tokenizer, [chat], trainOn))[0]!;
}

/** Renders many conversations at once. Their texts are encoded side by side, and shared texts only once. */
export async function renderChats(
  tokenizer: Tokenizer,
  conversations: readonly Conversed[],
  trainOn: TrainOn = answersAlone,
): Promise<Rendered[]> {
  const layout = await layoutOf(tokenizer);
  return encodeRuns(
    tokenizer,
    conversations.map((chat) => planChat(layout, chat, false, trainOn)),
  );
}

/** The same, with a DataError in place of each conversation that cannot be rendered. */
export async function tryRenderChats(
  tokenizer: Tokenizer,
  conversations: readonly Conversed[],
  trainOn: TrainOn = answersAlone,
): Promise<(Rendered | DataError)[]> {
  const layout = await layoutOf(tokenizer);
  const plans = conversations.map((chat) => {
    try {
      return planChat(layout, chat, false, trainOn);
    } catch (error) {
      if (error instanceof DataError) return error;
      throw error;
    }
  });
  const good = plans.flatMap((plan) => (plan instanceof DataError ? [] : [plan]));
  const rendered = (await encodeRuns(tokenizer, good)).values();
  return plans.map((plan) => (plan instanceof DataError ? plan : rendered.next().value!));
}

/** The conversation up to where the model's answer begins: exactly the ids that `renderChat` continues. */
export async function renderPrompt(tokenizer: Tokenizer, chat: Conversed): Promise<Int32Array> {
  const layout = await layoutOf(tokenizer);
  const [rendered] = await encodeRuns(tokenizer, [planChat(layout, chat, true, answersAlone)]);
  return rendered!.ids;
}

/**
 * Plain documents: what the tokenizer itself puts before a text, the text, and EOS, which ends a document
 * also where the tokenizer puts nothing there. Every token is trained except the first, which nothing
 * predicts.
 */
export async function renderTexts(tokenizer: Tokenizer, texts: readonly string[]): Promise<Rendered[]> {
  const { around, eosId } = tokenizer;
  const ends = eosId === null || around.after.includes(eosId) ? around.after : [...around.after, eosId];
  const rendered = await encodeRuns(
    tokenizer,
    texts.map((text) => ({
      runs: [
        ...around.before.map((id) => ({ id, trained: true })),
        { text, trained: true, place: "start" as const },
        ...ends.map((id) => ({ id, trained: true })),
      ],
    })),
  );
  for (const { trained } of rendered) trained[0] = 0;
  return rendered;
}

/**
 * Plain texts to be continued or scored: what the tokenizer itself puts before a text, and the text. What it
 * puts behind one (EOS, if anything) would end it.
 */
export async function beginTexts(tokenizer: Tokenizer, texts: readonly string[]): Promise<Int32Array[]> {
  const { before } = tokenizer.around;
  const encoded = await tokenizer.encodeBatch(texts);
  return encoded.map((ids) => {
    const begun = new Int32Array(before.length + ids.length);
    begun.set(before);
    begun.set(ids, before.length);
    return begun;
  });
}

/**
 * Splits a conversation into runs. The text is always split where an answer begins (where its prompt ends),
 * so the ids of a prompt are always a prefix of the ids of the whole.
 */
function planChat(layout: Layout, chat: Conversed, isPrompt: boolean, trainOn: TrainOn): Plan {
  const { located, trained, starts, leftOut, appended } = layout(chat, isPrompt, trainOn);
  const { text, literalStarts, skeleton } = located;
  const cuts = [...starts, ...trained.flatMap(({ start, end }) => [start, end])].sort((a, b) => a - b);
  const runs: TokenRun[] = [];
  const isInside = (at: number): boolean => trained.some(({ start, end }) => start <= at && at < end);
  let nextCut = 0;
  const addText = (start: number, end: number): void => {
    let from = start;
    while (from < end) {
      while (nextCut < cuts.length && cuts[nextCut]! <= from) nextCut++;
      const to = Math.min(end, cuts[nextCut] ?? end);
      runs.push({ text: text.slice(from, to), trained: isInside(from) });
      from = to;
    }
  };
  let at = 0;
  for (const [k, { specials }] of skeleton.literals.entries()) {
    for (const { start, end, id } of specials) {
      addText(at, literalStarts[k]! + start);
      runs.push({ id, trained: isInside(literalStarts[k]! + start) });
      at = literalStarts[k]! + end;
    }
  }
  addText(at, text.length);
  if (appended && !isPrompt) {
    if (appended.text !== "") runs.push({ text: appended.text, trained: true });
    runs.push({ id: appended.id, trained: true });
  }
  return { runs, leftOut };
}

async function encodeRuns(tokenizer: Tokenizer, plans: readonly Plan[]): Promise<Rendered[]> {
  const texts: string[] = [];
  const places: RunPlace[] = [];
  // Texts that conversations share, such as the prompt of several choices, are encoded once.
  const indexes: Partial<Record<RunPlace, Map<string, number>>> = {};
  const indexOf = (text: string, place: RunPlace): number => {
    indexes[place] ??= new Map();
    const known = indexes[place].get(text);
    if (known !== undefined) return known;
    indexes[place].set(text, texts.length);
    places.push(place);
    return texts.push(text) - 1;
  };
  const wanted = plans.map(({ runs }) =>
    runs.map((run, i) => {
      if ("id" in run) return null;
      return indexOf(run.text, run.place ?? (i === 0 ? "start" : "id" in runs[i - 1]! ? "special" : "text"));
    }),
  );
  const encoded = await tokenizer.encodeBatch(texts, places);
  return plans.map(({ runs, leftOut = [] }, n) => {
    const parts = runs.map((run, i) => ("id" in run ? Int32Array.of(run.id) : encoded[wanted[n]![i]!]!));
    const length = parts.reduce((n, part) => n + part.length, 0);
    const rendered: Rendered = {
      ids: new Int32Array(length),
      trained: new Uint8Array(length),
      ...(leftOut.length > 0 && { leftOut }),
    };
    let at = 0;
    for (const [i, part] of parts.entries()) {
      rendered.ids.set(part, at);
      if (runs[i]!.trained) rendered.trained.fill(1, at, at + part.length);
      at += part.length;
    }
    return rendered;
  });
}
