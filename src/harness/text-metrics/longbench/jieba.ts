import { createRequire } from "node:module";
import { ConfigError, messageOf } from "../../../errors.ts";
import { whiteSpace } from "../../../jinja/syntax/lexer.ts";

/** Cuts a text into words, with all that lies between them. */
export type CutWords = (text: string) => string[];

/** What is used of @node-rs/jieba. */
interface Package {
  Jieba: { withDict(dictionary: Uint8Array): { cut(text: string, isWithHmm: boolean): string[] } };
}
interface Dictionary {
  dict: Uint8Array;
}

let known: CutWords | undefined;

/**
 * Chinese words as jieba 0.42.1 cuts them (`jieba.cut(text, cut_all=False)`). Its dictionary and its model of
 * words that are not in it come from the package @node-rs/jieba, which people install who need them: 14 MB.
 * That package cuts at other places where digits, signs and rare characters meet, so only its data are used.
 * Throws ConfigError with what to install where it is not there.
 */
export function jieba(): CutWords {
  known ??= makeCut();
  return known;
}

function makeCut(): CutWords {
  const { Jieba, dict } = load();
  // The package's dictionary lacks one line of jieba's.
  const words = readDictionary(`${Buffer.from(dict).toString("utf8")}\nB超 3 n`);
  // With a dictionary of one word that is in no text, the package's model is asked about every character.
  const model = Jieba.withDict(Buffer.from("㐀㐀 1 n\n"));
  return (text) => cutText(text, words, (unknown) => model.cut(unknown, true));
}

function load(): Package & Dictionary {
  const require = createRequire(import.meta.url);
  try {
    return {
      ...(require("@node-rs/jieba") as Package),
      ...(require("@node-rs/jieba/dict.js") as Dictionary),
    };
  } catch (error) {
    throw new ConfigError(
      "Chinese words",
      [`expected the package @node-rs/jieba, got ${messageOf(error).split("\n")[0]}`],
      "Install it beside zebratune: npm install @node-rs/jieba@2.0.3",
    );
  }
}

interface Words {
  /** How often a word is used; 0 for what only begins one. */
  counts: ReadonlyMap<string, number>;
  total: number;
}

function readDictionary(text: string): Words {
  const counts = new Map<string, number>();
  let total = 0;
  for (const line of text.split("\n")) {
    const [word, count] = line.trim().split(" ");
    if (word === undefined || count === undefined) continue;
    counts.set(word, Number(count));
    total += Number(count);
    for (let end = 1; end < word.length; end++) {
      const beginning = word.slice(0, end);
      if (!counts.has(beginning)) counts.set(beginning, 0);
    }
  }
  return { counts, total };
}

const chineseRun = /([\u4E00-\u9FD5a-zA-Z0-9+#&._%-]+)/;
const blank = new RegExp(`(\\r\\n|[${whiteSpace}])`);

function cutText(text: string, words: Words, cutUnknown: CutWords): string[] {
  return text.split(chineseRun).flatMap((block, i) => {
    if (i % 2 === 1) return cutBlock(block, words, cutUnknown);
    return block.split(blank).flatMap((piece, at) => (at % 2 === 1 ? [piece] : Array.from(piece)));
  });
}

/** The likeliest words of a run. Characters that stand alone beside each other go to the model together. */
function cutBlock(block: string, words: Words, cutUnknown: CutWords): string[] {
  const ends = likeliestEnds(block, words);
  const found: string[] = [];
  let single = "";
  const flush = (): void => {
    if (single.length <= 1) found.push(...single);
    else if (words.counts.get(single)) found.push(...single);
    else found.push(...cutSingles(single, cutUnknown));
    single = "";
  };
  for (let at = 0; at < block.length; at = ends[at]!) {
    const word = block.slice(at, ends[at]);
    if (word.length === 1) {
      single += word;
      continue;
    }
    flush();
    found.push(word);
  }
  flush();
  return found;
}

/** Where the word ends that begins at each place, on the likeliest way to the end of the run. */
function likeliestEnds(block: string, { counts, total }: Words): number[] {
  const logTotal = Math.log(total);
  const best = new Float64Array(block.length + 1);
  const chosen: number[] = new Array(block.length);
  for (let at = block.length - 1; at >= 0; at--) {
    best[at] = Number.NEGATIVE_INFINITY;
    for (const end of wordEnds(block, at, counts)) {
      const score = Math.log(counts.get(block.slice(at, end)) || 1) - logTotal + best[end]!;
      if (score < best[at]!) continue;
      best[at] = score;
      chosen[at] = end;
    }
  }
  return chosen;
}

/** Ends of the dictionary's words at a place; a character that begins none is a word of its own. */
function wordEnds(block: string, at: number, counts: ReadonlyMap<string, number>): number[] {
  const ends: number[] = [];
  for (let end = at + 1; end <= block.length; end++) {
    const count = counts.get(block.slice(at, end));
    if (count === undefined) break;
    if (count > 0) ends.push(end);
  }
  return ends.length > 0 ? ends : [at + 1];
}

const hanRun = /([\u4E00-\u9FD5]+)/;
const numberOrName = /([a-zA-Z0-9]+(?:\.\p{Nd}+)?%?)/u;

function cutSingles(text: string, cutUnknown: CutWords): string[] {
  return text
    .split(hanRun)
    .flatMap((piece, i) => (i % 2 === 1 ? cutUnknown(piece) : piece.split(numberOrName).filter(Boolean)));
}
