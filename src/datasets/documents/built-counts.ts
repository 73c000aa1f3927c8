import { formatCount } from "../../format.ts";
import { type Sizes, targetOf } from "./sizes.ts";

/** What a builder made of a source's documents, as the manifest has it. Sizes are characters. */
export interface BuiltCounts {
  builder: string;
  documents: number;
  /** Those that gave no example. */
  documents_without: number;
  document_chars: Range;
  examples: number;
  example_chars: Range;
  /** Least and most tokens that examples were to have, with `chars_per_token` characters each. */
  target_tokens: readonly [number, number];
  chars_per_token: number;
  /** `mix.max_seq_tokens`, where the target was taken from it. */
  max_seq_tokens?: number;
}

interface Range {
  least: number;
  most: number;
}

/** Counts documents and examples while they are read. */
export function createBuiltCounts(builder: string, sizes: Sizes) {
  const [documents, examples] = [createRange(), createRange()];
  let without = 0;
  return {
    addExample: examples.add,
    addDocument(chars: number, gaveAny: boolean): void {
      documents.add(chars);
      if (!gaveAny) without++;
    },
    result: (): BuiltCounts => ({
      builder,
      documents: documents.count(),
      documents_without: without,
      document_chars: documents.range(),
      examples: examples.count(),
      example_chars: examples.range(),
      target_tokens: targetOf(sizes),
      chars_per_token: sizes.charsPerToken,
      ...(sizes.wanted === null && { max_seq_tokens: sizes.maxSeqTokens }),
    }),
  };
}

function createRange() {
  let [count, least, most] = [0, Number.POSITIVE_INFINITY, 0];
  return {
    add(size: number): void {
      count++;
      least = Math.min(least, size);
      most = Math.max(most, size);
    },
    count: () => count,
    range: (): Range => ({ least: count === 0 ? 0 : least, most }),
  };
}

/** What was built, with the sizes of documents and examples, for `stage.end`; empty where nothing was. */
export function builtSummary(made: readonly { name: string; built?: BuiltCounts }[]): Record<string, string> {
  const told = made.flatMap(({ name, built }) => (built ? [`${name}: ${builtTold(built)}`] : []));
  return told.length === 0 ? {} : { built: told.join("; ") };
}

/** `26–9,450`; `530` where both are the same. */
const rangeTold = (least: number, most: number): string =>
  least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`;

function builtTold(built: BuiltCounts): string {
  const { builder, document_chars, example_chars } = built;
  const { target_tokens: target, chars_per_token: each, max_seq_tokens: max } = built;
  const tokens = ({ least, most }: Range): string =>
    `${rangeTold(Math.round(least / each), Math.round(most / each))} tokens`;
  const asked =
    max === undefined
      ? `target_tokens ${formatCount(target[0])}–${formatCount(target[1])}`
      : `aimed at ${formatCount(target[0])}–${formatCount(target[1])} for mix.max_seq_tokens = ${formatCount(max)}`;
  return `${builder} of about ${tokens(example_chars)} (${asked}), documents of about ${tokens(document_chars)}`;
}
