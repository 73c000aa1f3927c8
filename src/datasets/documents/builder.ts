import type { StopSignal } from "../../contracts/events.ts";
import type { Split } from "../../contracts/example.ts";
import type { OptionSchemas } from "../../options.ts";
import { fraction } from "../choice.ts";
import type { Draft, SourceDocument } from "../draft.ts";
import type { DataSource } from "../sources/source.ts";

/** A document as builders see it. `id` decides the split, `name` is unique in the dataset. */
export interface BuilderDocument extends SourceDocument {
  name: string;
  split: Split;
  /** One-line summary that the source has of it (front matter), or "". */
  summary: string;
}

/** What a builder knows besides the document and its options. */
export interface BuildContext {
  /** Begins every key that something is drawn by. */
  seed: number;
  /** Other documents of the same split, in an order given by the key; never the document itself. */
  others(document: BuilderDocument, key: string): Iterable<BuilderDocument>;
}

/** Options that every builder has. */
export interface CommonOptions {
  target_tokens: [number, number];
  chars_per_token: number;
  count: number;
}

/** A maker of long examples from any documents: one file in `builders/`, one line in its index. */
export interface Builder {
  description: string;
  /** Besides the common ones. */
  options: OptionSchemas;
  /** Example `n` of a document, whose text is about `chars` long; null where the document does not lend itself. */
  build(
    document: BuilderDocument,
    request: { n: number; chars: number; key: string },
    context: BuildContext,
    options: Readonly<Record<string, unknown>>,
  ): Draft | null;
}

/** What a source builder is run with. */
export interface SourcePlan {
  /** `data.datasets[i].build`, for messages. */
  where: string;
  /** Checked and whole. */
  options: Readonly<Record<string, unknown>>;
  split: { validation: number; test: number };
  stop: StopSignal;
  warn(message: string): void;
}

/** A builder that reads the whole source by itself: what it makes of a document comes later, or needs others. */
export interface SourceBuilder {
  description: string;
  /** All of them: the common ones are not added. */
  options: OptionSchemas;
  /** What the schemas cannot say, each `<where>.<key>: expected <x>, got <y>`. */
  problems(options: Readonly<Record<string, unknown>>, where: string): string[];
  open(source: DataSource, plan: SourcePlan): DataSource;
}

export const commonOptions: OptionSchemas = {
  target_tokens: {
    description:
      "Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale.",
    type: "array",
    minItems: 2,
    maxItems: 2,
    items: { type: "integer", minimum: 64, maximum: 10_000_000 },
    default: [2048, 8192],
  },
  chars_per_token: {
    description: "Characters that a token is taken to have: about 4 in English for a large vocabulary.",
    type: "number",
    minimum: 0.5,
    maximum: 20,
    default: 4,
  },
  count: {
    description: "Examples of each document.",
    type: "integer",
    minimum: 1,
    maximum: 1000,
    default: 1,
  },
};

/** How many characters an example is to have, drawn by its key. */
export function targetChars({ target_tokens, chars_per_token }: CommonOptions, key: string): number {
  const [least, most] = target_tokens;
  return Math.round(least * (most / least) ** fraction(`${key}/size`) * chars_per_token);
}
