import type { Example, LedgerRow } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import type { Rendered } from "../tokenizer/chat.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { fitContext, splitRendered } from "./over-length.ts";
import { renderExamples, supervisedCount } from "./render.ts";

/** One example, or one piece of a document, ready to be packed. */
export interface Sequence extends Rendered {
  example: Pick<Example, "id" | "task" | "split" | "source">;
  supervised: number;
}

/**
 * Renders examples and brings each to at most `max_seq_tokens`, as `over_length` says. Every example gets one
 * ledger row: kept, shortened (context or split) or dropped with its reason.
 */
export async function sequencesOf(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  spec: MixSpec,
): Promise<{ sequences: Sequence[]; ledger: LedgerRow[] }> {
  const rendered = await renderExamples(tokenizer, examples, spec.render);
  const sequences: Sequence[] = [];
  const ledger: LedgerRow[] = [];
  for (const [i, example] of examples.entries()) {
    const whole = rendered[i]!;
    const { fate, reason, detail, parts } = await fit(tokenizer, example, whole, spec);
    const useful = parts.filter((part) => supervisedCount(part) > 0);
    const isEmpty = parts.length > 0 && useful.length === 0;
    for (const part of useful) sequences.push({ ...part, example, supervised: supervisedCount(part) });
    ledger.push({
      dataset: example.source.dataset,
      file: example.source.file ?? "",
      row: example.source.row,
      id: example.id,
      fate: isEmpty ? "dropped" : fate,
      stage: "mix",
      reason: isEmpty ? "no_supervised_token" : reason,
      detail,
      tokens_before: whole.ids.length,
      tokens_after: useful.reduce((n, part) => n + part.ids.length, 0),
    });
  }
  return { sequences, ledger };
}

type Fit = { fate: LedgerRow["fate"]; reason: string; detail: string; parts: Rendered[] };

async function fit(tokenizer: Tokenizer, example: Example, whole: Rendered, spec: MixSpec): Promise<Fit> {
  const max = spec.max_seq_tokens;
  const tokens = whole.ids.length;
  if (tokens <= max) return { fate: "kept", reason: "", detail: "", parts: [whole] };
  const detail = `${tokens} tokens, at most ${max}`;
  const dropped: Fit = { fate: "dropped", reason: "over_length", detail, parts: [] };
  switch (spec.over_length) {
    case "error":
      throw new DataError(
        `example ${example.id}: expected at most mix.max_seq_tokens = ${max} tokens, got ${tokens}. ` +
          "Raise it, or set mix.over_length to shorten_context, split or drop.",
      );
    case "drop":
      return dropped;
    case "split": {
      if (spec.render !== "text") return dropped;
      const parts = splitRendered(whole, max);
      return { fate: "changed", reason: "split", detail: `${detail}: ${parts.length} pieces`, parts };
    }
    case "shorten_context": {
      let last = whole;
      const measure = async (one: Example): Promise<number> => {
        [last] = (await renderExamples(tokenizer, [one], spec.render)) as [Rendered];
        return last.ids.length;
      };
      const shorter = await fitContext(example, tokens, max, measure);
      return shorter ? { fate: "shortened", reason: "context", detail, parts: [last] } : dropped;
    }
  }
}
