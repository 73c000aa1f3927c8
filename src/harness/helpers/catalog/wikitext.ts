import { whiteSpace } from "../../../jinja/syntax/lexer.ts";
import type { Value } from "../../../jinja/values/values.ts";
import { type KnownFunction, ofResults, ofRow } from "../helper.ts";
import { numberOf, textOf } from "../row.ts";

const file = "wikitext/preprocess_wikitext";
const blanks = `[${whiteSpace}]`;
const inner = (open: string, close: string, not: string) =>
  new RegExp(`${open}${blanks}*([^${not}]*?)${blanks}*${close}`, "g");

type Step = readonly [from: string | RegExp, to: string];

/** What WikiText's tokenizer set apart is joined again, step by step. */
const steps: readonly Step[] = [
  ["s '", "s'"],
  [/\/' [0-9]\//g, "/'[0-9]/"],
  [" @-@ ", "-"],
  [" @,@ ", ","],
  [" @.@ ", "."],
  [" : ", ": "],
  [" ; ", "; "],
  [" . ", ". "],
  [" ! ", "! "],
  [" ? ", "? "],
  [" , ", ", "],
  [inner("\\(", "\\)", ")"), "($1)"],
  [inner("\\[", "\\]", "\\]"), "[$1]"],
  [inner("\\{", "\\}", "}"), "{$1}"],
  [inner('"', '"', '"'), '"$1"'],
  [inner("'", "'", "'"), "'$1'"],
  ["= = = =", "===="],
  ["= = =", "==="],
  ["= =", "=="],
  [" ° ", "°"],
  [" \n", "\n"],
  ["\n ", "\n"],
  [" N ", " 1 "],
  [" 's", "'s"],
];

export const wikitext: readonly KnownFunction[] = [
  ofRow({ standsFor: `${file}.wikitext_detokenizer`, hashes: ["931e5cf1143d6fc885fa77bdd60e7818"] }, (row) =>
    steps.reduce((text, [from, to]) => text.replaceAll(from, to), textOf(row, "page")),
  ),
  // Words and bytes are those of the page before its words were joined.
  ofResults(
    { standsFor: `${file}.process_results`, hashes: ["1c64dee59ea7f81065f0c2b3b60b5713"] },
    (row, [result]) => {
      const page = textOf(row, "page");
      const logLikelihood = numberOf(Array.isArray(result) ? (result as Value[])[0] : result);
      const words = page.split(new RegExp(`${blanks}+`)).length;
      const bytes = Buffer.byteLength(page);
      return {
        word_perplexity: [logLikelihood, words],
        byte_perplexity: [logLikelihood, bytes],
        bits_per_byte: [logLikelihood, bytes],
      };
    },
  ),
];
