import { type Static, type TProperties, Type } from "@sinclair/typebox";
import type { StopSignal } from "../../contracts/events.ts";
import type { Split } from "../../contracts/example.ts";
import { type Open, type OptionsSchema, readOptions } from "../../recipe/options.ts";
import { type Mapping, mapping, openMapping } from "../../schema.ts";
import type { Draft, SourceDocument } from "../draft.ts";
import type { DataSource } from "../sources/source.ts";
import type { SplitFor } from "../split.ts";

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

/** Options that every builder of examples has. */
export const commonOptions = {
  target_tokens: Type.Optional(
    Type.Unsafe<[number, number]>(
      Type.Array(Type.Integer({ minimum: 64, maximum: 10_000_000 }), {
        description:
          "Least and most tokens of an example; sizes in between are drawn evenly on a logarithmic scale. " +
          "Default: a fifth to four fifths of mix.max_seq_tokens, and less where the documents have less.",
        minItems: 2,
        maxItems: 2,
      }),
    ),
  ),
  chars_per_token: Type.Number({
    description: "Characters that a token is taken to have: about 4 in English for a large vocabulary.",
    minimum: 0.5,
    maximum: 20,
    default: 4,
  }),
  count: Type.Integer({
    description: "Examples of each document.",
    minimum: 1,
    maximum: 1000,
    default: 1,
  }),
};

/** The common options alone, whatever others are set. */
const commonSchema = openMapping(commonOptions);

/** Example `n` of a document is to be about `chars` long; `key` is what it draws from. */
export interface BuildRequest {
  n: number;
  chars: number;
  key: string;
}

/** A builder with its options set. */
export interface Building {
  /** Examples of each document. */
  count: number;
  /** Least and most tokens of an example; null: what documents and mix allow. */
  target: readonly [least: number, most: number] | null;
  charsPerToken: number;
  /** Null where the document does not lend itself. */
  build(document: BuilderDocument, request: BuildRequest, context: BuildContext): Draft | null;
}

/** A maker of long examples from any documents: one file in `builders/`, one line in its index. */
export interface Builder {
  kind: "examples";
  description: string;
  options: OptionsSchema;
  open: Open<Building>;
}

/**
 * Makes a builder of its own options, as TypeBox, and what builds an example by them. The common options are
 * added.
 */
export function defineBuilder<P extends TProperties>(builder: {
  description: string;
  options: P;
  build(
    document: BuilderDocument,
    request: BuildRequest,
    context: BuildContext,
    options: Static<Mapping<P>>,
  ): Draft | null;
}): Builder {
  const { description, options: own, build } = builder;
  const schema = mapping({ ...commonOptions, ...own });
  const ownSchema = openMapping(own);
  return {
    kind: "examples",
    description,
    options: schema,
    open(given, where, problems) {
      const fits = readOptions(schema, given, where, problems) !== null;
      // Once more in two parts, for their types; what is wrong has been said.
      const common = readOptions(commonSchema, given, where, []);
      const options = readOptions(ownSchema, given, where, []);
      const target = common?.target_tokens ?? null;
      const [least, most] = target ?? [0, 0];
      if (least > most)
        problems.push(`${where}.target_tokens: expected the least first, got [${least}, ${most}]`);
      if (!fits || least > most || common === null || options === null) return null;
      const { chars_per_token, count } = common;
      return {
        count,
        target,
        charsPerToken: chars_per_token,
        build: (document, request, context) => build(document, request, context, options),
      };
    },
  };
}

/** What a source builder is run with. */
export interface SourcePlan {
  /** `data.datasets[i].build`, for messages. */
  where: string;
  splitFor: SplitFor;
  stop: StopSignal;
  warn(message: string): void;
}

/**
 * A builder that reads the whole source by itself: its examples come later than their documents, or need
 * several.
 */
export interface SourceBuilder {
  kind: "source";
  description: string;
  /** All of them: the common ones are not added. */
  options: OptionsSchema;
  open: Open<(source: DataSource, plan: SourcePlan) => DataSource>;
}

/** Makes a source builder of all of its options, as TypeBox, and what makes a source by them. */
export function defineSourceBuilder<P extends TProperties>(builder: {
  description: string;
  options: P;
  /** What the schema cannot say, each `<where>.<key>: expected <x>, got <y>`. */
  problems(options: Static<Mapping<P>>, where: string): string[];
  source(source: DataSource, options: Static<Mapping<P>>, plan: SourcePlan): DataSource;
}): SourceBuilder {
  const { description, problems: problemsOf, source: build } = builder;
  const schema = mapping(builder.options);
  return {
    kind: "source",
    description,
    options: schema,
    open(given, where, problems) {
      const options = readOptions(schema, given, where, problems);
      if (options === null) return null;
      const found = problemsOf(options, where);
      problems.push(...found);
      return found.length > 0 ? null : (source, plan) => build(source, options, plan);
    },
  };
}
