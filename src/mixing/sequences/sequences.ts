import type { Example, LedgerRow, Message } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { DataError } from "../../errors.ts";
import type { Rendered } from "../../tokenizer/chat/chat.ts";
import { LostThought } from "../../tokenizer/chat/trained-ranges.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { mixFor, type RenderingMix } from "../renders.ts";
import { type Answer, answersOf } from "./answers.ts";
import { isSplit, withinReach } from "./far-too-long.ts";
import { unmarkedDetail } from "./left-out.ts";
import { fitContext, splitRendered } from "./over-length.ts";
import { renderExamples, supervisedCount } from "./render.ts";

/** One example, or one piece of a document, ready to be packed. */
export interface Sequence extends Rendered {
  example: Pick<Example, "id" | "task" | "source">;
  supervised: number;
  /**
   * The texts that are trained in a chat, as the example has them, for the mask gate to compare. Null of
   * plain text, where everything is.
   */
  answers: Answer[] | null;
}

/**
 * Renders examples and brings each to at most `max_seq_tokens`, as `over_length` says. Every example gets one
 * ledger row: kept, shortened (context or split) or dropped with its reason.
 */
export async function sequencesOf(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  mix: RenderingMix,
): Promise<{ sequences: Sequence[]; ledger: LedgerRow[] }> {
  const sized = examples.map((example) => withinReach(example, mixFor(mix, example.source.dataset)));
  const rendered = await renderAll(
    tokenizer,
    sized.flatMap(({ example }) => example ?? []),
    mix,
  );
  const sequences: Sequence[] = [];
  const ledger: LedgerRow[] = [];
  let next = 0;
  for (const [i, { id, task, source, messages }] of examples.entries()) {
    const { example, detail: tooLong } = sized[i]!;
    const spec = mixFor(mix, source.dataset);
    const whole = example === null ? null : rendered[next++]!;
    if (tooLong !== null && spec.over_length === "error") throw tooLongError(id, tooLong, spec);
    const { fate, reason, detail, parts } =
      example === null || whole === null
        ? overLength(examples[i]!, tooLong ?? "", spec)
        : whole instanceof DataError
          ? refused(whole, messages)
          : unlessUntrained(shortenedBefore(await fit(tokenizer, example, whole, spec), tooLong));
    const answers = spec.render === "chat" ? answersOf({ messages }, spec.train_on, leftOutOf(whole)) : null;
    const wasTokenized = whole !== null && !(whole instanceof DataError);
    for (const part of parts) {
      sequences.push({ ...part, example: { id, task, source }, supervised: supervisedCount(part), answers });
    }
    ledger.push({
      dataset: source.dataset,
      row: source.row,
      id,
      fate,
      stage: "mix",
      reason,
      detail,
      tokens_before: wasTokenized && tooLong === null ? whole.ids.length : null,
      tokens_after: wasTokenized ? parts.reduce((n, part) => n + part.ids.length, 0) : null,
      file: source.file ?? "",
    });
  }
  return { sequences, ledger };
}

/** The examples of chats and those of plain text, each kind together, in the order given. */
async function renderAll(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  mix: RenderingMix,
): Promise<(Rendered | DataError)[]> {
  const all: (Rendered | DataError)[] = [];
  const renderOf = (i: number) => mixFor(mix, examples[i]!.source.dataset).render;
  for (const [render, indexes] of Map.groupBy(examples.keys(), renderOf)) {
    const ofKind = indexes.map((i) => examples[i]!);
    for (const [k, one] of (await renderExamples(tokenizer, ofKind, { ...mix, render })).entries())
      all[indexes[k]!] = one;
  }
  return all;
}

interface Fit {
  fate: LedgerRow["fate"];
  reason: string;
  detail: string;
  parts: Rendered[];
}

/** Too long. Says whether marking its document would have kept it. */
function overLength({ context = [] }: Pick<Example, "context">, detail: string, spec: MixSpec): Fit {
  const isUnmarked = spec.over_length === "shorten_context" && spec.render === "chat" && context.length === 0;
  return dropped("over_length", isUnmarked ? `${detail}; ${unmarkedDetail}` : detail);
}

function dropped(reason: string, detail: string): Fit {
  return { fate: "dropped", reason, detail, parts: [] };
}

/** Of an example that cannot be rendered. Where nothing is asked in it, that is why, not the template. */
function refused(error: DataError, messages: readonly Message[]): Fit {
  if (error instanceof LostThought) return dropped("lost_thought", error.message);
  if (messages.some(({ role }) => role !== "assistant")) return dropped("chat_template", error.message);
  return dropped(
    "no_question",
    "a text in which nothing is asked is no chat: write `render: text` under the dataset, or `build`",
  );
}

/** Without parts that have no supervised token; dropped when none is left. */
function unlessUntrained(fit: Fit): Fit {
  if (fit.fate === "dropped") return fit;
  const parts = fit.parts.filter((part) => supervisedCount(part) > 0);
  return parts.length > 0 ? { ...fit, parts } : dropped("no_supervised_token", fit.detail);
}

/** The fate of an example whose context was cut before it was tokenized. */
function shortenedBefore(fit: Fit, tooLong: string | null): Fit {
  if (tooLong === null) return fit;
  return fit.fate === "dropped"
    ? { ...fit, detail: tooLong }
    : { ...fit, fate: "shortened", reason: "context", detail: tooLong };
}

function tooLongError(id: string, got: string, spec: MixSpec): DataError {
  return new DataError(
    `example ${id}: expected at most mix.max_seq_tokens = ${spec.max_seq_tokens} tokens, got ${got}. ` +
      "Raise it, or set mix.over_length to shorten_context, split or drop.",
  );
}

function leftOutOf(rendered: Rendered | DataError | null): readonly number[] {
  return rendered === null || rendered instanceof DataError ? [] : (rendered.leftOut ?? []);
}

/** Kept as it is, or changed where turns that should be trained are only read. */
function fateOf({ leftOut = [] }: Rendered): Pick<Fit, "fate" | "reason" | "detail"> {
  if (leftOut.length === 0) return { fate: "kept", reason: "", detail: "" };
  const which = `message${leftOut.length > 1 ? "s" : ""} ${leftOut.join(", ")}`;
  const why = "the template writes what was asked for them, or what they thought, in another way";
  return { fate: "changed", reason: "turns_not_trained", detail: `${which}: read and not trained; ${why}` };
}

async function fit(tokenizer: Tokenizer, example: Example, whole: Rendered, spec: MixSpec): Promise<Fit> {
  const max = spec.max_seq_tokens;
  const tokens = whole.ids.length;
  if (tokens <= max) return { ...fateOf(whole), parts: [whole] };
  const detail = `${tokens} tokens, at most ${max}`;
  const tooLong = overLength(example, detail, spec);
  if (isSplit(spec)) {
    const parts = splitRendered(whole, max);
    return { fate: "changed", reason: "split", detail: `${detail}: ${parts.length} pieces`, parts };
  }
  switch (spec.over_length) {
    case "error":
      throw tooLongError(example.id, String(tokens), spec);
    case "drop":
      return tooLong;
    case "split":
      return dropped("over_length", `${detail}; only render: text can be split`);
    case "shorten_context": {
      let last = whole;
      const measure = async (one: Example): Promise<number> => {
        const [rendered] = await renderExamples(tokenizer, [one], spec);
        if (rendered === undefined || rendered instanceof DataError) throw rendered;
        last = rendered;
        return last.ids.length;
      };
      const shorter = await fitContext(example, tokens, max, measure);
      return shorter ? { fate: "shortened", reason: "context", detail, parts: [last] } : tooLong;
    }
  }
}
