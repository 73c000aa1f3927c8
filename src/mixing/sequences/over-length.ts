import type { ContextSpan, Example, Message } from "../../contracts/example.ts";
import type { Rendered } from "../../tokenizer/chat/chat.ts";

/** Written where a document was shortened. */
export const ellipsis = "\n[…]\n";

/** What of a document goes. */
export type CutPlace = "start" | "middle" | "end";

/**
 * The example with `characters` fewer in its context spans. The longest spans are cut first, each in its
 * middle unless `place` says where else, so that instruction, question and answer are whole. Null when the
 * spans do not have so many characters.
 */
export function shortenContext<T extends Pick<Example, "messages" | "context">>(
  example: T,
  characters: number,
  place: CutPlace = "middle",
): T | null {
  const spans = (example.context ?? []).map((span) => ({ ...span }));
  const removal = shares(roomOf(spans), characters);
  if (!removal) return null;
  const messages: Message[] = example.messages.map((message) => ({ ...message }));
  // From the last span to the first, so that earlier ones keep their place.
  const order = spans.map((_, i) => i).sort((a, b) => spans[b]!.start - spans[a]!.start);
  for (const i of order) {
    const cut = removal[i]!;
    if (cut === 0) continue;
    const span = spans[i]!;
    const message = messages[span.message]!;
    const kept = span.end - span.start - cut - ellipsis.length;
    const start = span.start + { start: 0, middle: Math.floor(kept / 2), end: kept }[place];
    const from = notInsidePair(message.content, start);
    const to = notInsidePair(message.content, start + cut + ellipsis.length);
    message.content = message.content.slice(0, from) + ellipsis + message.content.slice(to);
    const shift = to - from - ellipsis.length;
    span.end -= shift;
    for (const other of spans) {
      if (other !== span && other.message === span.message && other.start > span.start) {
        other.start -= shift;
        other.end -= shift;
      }
    }
  }
  const context: ContextSpan[] = spans;
  return { ...example, messages, context };
}

/**
 * How much to take from each, always from the largest, until `total` is taken; null when all together have
 * less.
 */
function shares(sizes: readonly number[], total: number): number[] | null {
  if (sizes.reduce((a, b) => a + b, 0) < total) return null;
  let [low, high] = [0, Math.max(0, ...sizes)];
  const taken = (level: number) => sizes.reduce((sum, size) => sum + Math.max(0, size - level), 0);
  while (low < high) {
    const level = Math.floor((low + high) / 2);
    if (taken(level) > total) low = level + 1;
    else high = level;
  }
  const removal = sizes.map((size) => Math.max(0, size - low));
  let rest = total - removal.reduce((a, b) => a + b, 0);
  for (const i of removal.keys()) {
    const more = Math.min(rest, sizes[i]! - removal[i]!);
    removal[i]! += more;
    rest -= more;
  }
  return removal;
}

/** Moves a cut off the middle of a surrogate pair. */
function notInsidePair(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/**
 * A result closer to the limit than this share is good enough: coming closer would cost more renderings than
 * it is worth.
 */
const closeEnough = 0.02;

/**
 * Shortens an example's context to what `measure` makes at most `maxTokens` of, and not much less. Null when
 * even without its context it would be longer. `measure` renders and returns the number of tokens (`tokens`:
 * that of the example as it is); it is called with the result last.
 */
export async function fitContext<T extends Pick<Example, "messages" | "context">>(
  example: T,
  tokens: number,
  maxTokens: number,
  measure: (example: T) => Promise<number>,
  place: CutPlace = "middle",
): Promise<T | null> {
  if (tokens <= maxTokens) return example;
  const { context = [] } = example;
  const mostChars = roomOf(context).reduce((sum, room) => sum + room, 0);
  const charsPerToken = Math.max(1, context.reduce((n, { start, end }) => n + end - start, 0) / tokens);
  // Cuts known to be too small and large enough, in characters. Tokens are measured, never guessed.
  let tooSmall = 0;
  let excess = tokens - maxTokens;
  let found: { cut: number; shorter: T } | null = null;
  while (found === null) {
    if (tooSmall === mostChars) return null;
    const cut = Math.min(mostChars, tooSmall + Math.ceil(excess * charsPerToken) + 8);
    const shorter = shortenContext(example, cut, place)!;
    excess = (await measure(shorter)) - maxTokens;
    if (excess <= 0) found = { cut, shorter };
    else tooSmall = cut;
  }
  // Where the middle holds more tokens a character than the rest, the first guess takes far too much.
  let last = found.shorter;
  for (let left = 6; left > 0 && -excess > closeEnough * maxTokens; left--) {
    const cut = Math.floor((tooSmall + found.cut) / 2);
    if (cut === tooSmall) break;
    const shorter = shortenContext(example, cut, place)!;
    last = shorter;
    const over = (await measure(shorter)) - maxTokens;
    if (over > 0) tooSmall = cut;
    else {
      found = { cut, shorter };
      excess = over;
    }
  }
  if (last !== found.shorter) await measure(found.shorter);
  return found.shorter;
}

/** What each span can lose: all but twice the length of an ellipsis, one on each side. */
function roomOf(spans: readonly ContextSpan[]): number[] {
  return spans.map(({ start, end }) => Math.max(0, end - start - 2 * ellipsis.length));
}

/** Consecutive pieces of at most `maxTokens`, for plain documents. */
export function splitRendered({ ids, trained }: Rendered, maxTokens: number): Rendered[] {
  const pieces: Rendered[] = [];
  for (let start = 0; start < ids.length; start += maxTokens) {
    pieces.push({
      ids: ids.slice(start, start + maxTokens),
      trained: trained.slice(start, start + maxTokens),
    });
  }
  return pieces;
}
