import type { ContextSpan, Example } from "../../../contracts/example.ts";
import { mapCall } from "../../../contracts/tool-calls.ts";
import { mapJsonText } from "../../../json-strings.ts";
import type { Verdict } from "../curate-step.ts";
import { foundIn, whole } from "./pii-kind.ts";
import { type PiiKind, piiPatterns } from "./pii-patterns.ts";

/** A replacement: a half-open range of the old text, and the new text. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * Replaces mail addresses, phone numbers, keys and public IP addresses in messages, thoughts, calls, tools
 * and `meta` by placeholders, and moves context spans with the text. A span that ends inside a replaced
 * text is cut before it, so that a placeholder is never shortened; `meta.evidence` grows to contain the
 * whole placeholder.
 */
export function scrubPii(kinds: readonly PiiKind[]): (example: Example) => Verdict {
  return (example) => {
    const counts = new Map<PiiKind, number>();
    const edits = example.messages.map(({ content }) => findPii(content, kinds, counts));
    // Answers in meta repeat those of the messages and are not counted twice.
    const inMeta = new Map<PiiKind, number>();
    const meta = scrubValue(example.meta, kinds, inMeta, edits) as Example["meta"];
    const scrub = (text: string): string => applyEdits(text, findPii(text, kinds, counts));
    // Ids stay as they are: a tool's answer names its call by id.
    const calls = example.messages.map(({ tool_calls }) =>
      tool_calls?.map((call) => ({
        ...mapCall({ type: call.type, function: call.function }, scrub),
        ...(call.id !== undefined && { id: call.id }),
      })),
    );
    const tools = example.tools && mapJsonText(example.tools, scrub);
    const thoughts = example.messages.map(({ reasoning_content: thought }) => thought && scrub(thought));
    if (counts.size + inMeta.size === 0) return null;
    const { context, ...rest } = example;
    const spans = context?.flatMap((span) => moveSpan(span, edits[span.message]!));
    const scrubbed: Example = {
      ...rest,
      messages: example.messages.map((message, i) => ({
        ...message,
        content: applyEdits(message.content, edits[i]!),
        ...(thoughts[i] !== undefined && { reasoning_content: thoughts[i] }),
        ...(calls[i] && { tool_calls: calls[i] }),
      })),
      ...(tools && { tools }),
      ...(spans?.length ? { context: spans } : {}),
      meta,
    };
    const told = [
      ...[...counts].map(([kind, count]) => `${count} ${kind}`),
      ...[...inMeta].flatMap(([kind, count]) => (counts.has(kind) ? [] : `${count} ${kind} in meta`)),
    ];
    return { example: scrubbed, changed: { reason: "pii", detail: `${told.join(", ")} replaced` } };
  };
}

/** A text with placeholders for what is found. */
export function scrubText(text: string, kinds: readonly PiiKind[]): string {
  return kinds.length === 0 ? text : applyEdits(text, findPii(text, kinds, new Map()));
}

/** Edits in order that do not overlap; where two kinds match, the one that begins first, then the longer. */
function findPii(text: string, kinds: readonly PiiKind[], counts: Map<PiiKind, number>): Edit[] {
  const found: (Edit & { kind: PiiKind })[] = [];
  for (const kind of kinds) {
    const { pattern, placeholder, mayBeIn, real = whole } = piiPatterns[kind];
    if (mayBeIn && !mayBeIn(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const part = real(foundIn(text, match));
      if (part === null) continue;
      const [start, end] = [match.index + part.start, match.index + part.end];
      found.push({ kind, start, end, text: placeholder });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const edits: Edit[] = [];
  for (const { kind, ...edit } of found) {
    if (edit.start < (edits.at(-1)?.end ?? 0)) continue;
    edits.push(edit);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return edits;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let last = 0;
  for (const edit of edits) {
    out += text.slice(last, edit.start) + edit.text;
    last = edit.end;
  }
  return out + text.slice(last);
}

/**
 * The new position of a position in the old text; inside a replaced text, the start or end of the
 * placeholder.
 */
function moved(at: number, edits: readonly Edit[], inside: "start" | "end"): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (at <= start) break;
    if (at < end) return start + shift + (inside === "start" ? 0 : text.length);
    shift += text.length - (end - start);
  }
  return at + shift;
}

function moveSpan({ message, start, end }: ContextSpan, edits: readonly Edit[]): ContextSpan[] {
  const span = { message, start: moved(start, edits, "end"), end: moved(end, edits, "start") };
  return span.end > span.start ? [span] : [];
}

/** Strings anywhere in `meta` are scrubbed, and ranges of a message ({ message, start, end }) are moved. */
function scrubValue(
  value: unknown,
  kinds: readonly PiiKind[],
  counts: Map<PiiKind, number>,
  edits: readonly Edit[][],
): unknown {
  if (typeof value === "string") return applyEdits(value, findPii(value, kinds, counts));
  if (Array.isArray(value)) return value.map((item) => scrubValue(item, kinds, counts, edits));
  if (typeof value !== "object" || value === null) return value;
  if (isRange(value) && edits[value.message]) {
    const own = edits[value.message]!;
    return { ...value, start: moved(value.start, own, "start"), end: moved(value.end, own, "end") };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, scrubValue(item, kinds, counts, edits)]),
  );
}

function isRange(value: object): value is ContextSpan {
  return ["message", "start", "end"].every((key) =>
    Number.isInteger((value as Record<string, unknown>)[key]),
  );
}
