import {
  applyFirst,
  endsInShortSyllable,
  hasVowel,
  isConsonant,
  measure,
  type Rule,
} from "./porter-rules.ts";

/**
 * M. F. Porter's suffix stripping (Program 14.3, 1980) with the changes of NLTK, whose `PorterStemmer()` is
 * what rouge_score's stemmer is. For lower-case words of ASCII letters and digits.
 */
export function stem(word: string): string {
  const irregular = irregularForms.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  const steps = [
    plurals,
    pastsAndGerunds,
    finalY,
    doubleSuffixes,
    simpleSuffixes,
    lastSuffixes,
    finalE,
    finalLl,
  ];
  return steps.reduce((text, step) => step(text), word);
}

const irregularForms: ReadonlyMap<string, string> = new Map([
  ["sky", "sky"],
  ["skies", "sky"],
  ["dying", "die"],
  ["lying", "lie"],
  ["tying", "tie"],
  ["news", "news"],
  ["innings", "inning"],
  ["inning", "inning"],
  ["outings", "outing"],
  ["outing", "outing"],
  ["cannings", "canning"],
  ["canning", "canning"],
  ["howe", "howe"],
  ["proceed", "proceed"],
  ["exceed", "exceed"],
  ["succeed", "succeed"],
]);

const isMeasured = (text: string): boolean => measure(text) > 0;
const isLong = (text: string): boolean => measure(text) > 1;

/** Step 1a. */
function plurals(word: string): string {
  if (word.endsWith("ies") && word.length === 4) return word.slice(0, -1);
  return applyFirst(word, [
    ["sses", "ss"],
    ["ies", "i"],
    ["ss", "ss"],
    ["s", ""],
  ]);
}

/** Step 1b. */
function pastsAndGerunds(word: string): string {
  if (word.endsWith("ied")) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith("eed")) return isMeasured(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((end) => word.endsWith(end) && hasVowel(word.slice(0, -end.length)));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  for (const end of ["at", "bl", "iz"]) if (rest.endsWith(end)) return `${rest}e`;
  const last = rest.at(-1)!;
  if (rest.at(-2) === last && isConsonant(rest, rest.length - 1))
    return "lsz".includes(last) ? rest : rest.slice(0, -1);
  return measure(rest) === 1 && endsInShortSyllable(rest) ? `${rest}e` : rest;
}

/** Step 1c: after a consonant that is not the first letter. */
function finalY(word: string): string {
  const isAfterConsonant = (text: string) => text.length > 1 && isConsonant(text, text.length - 1);
  return applyFirst(word, [["y", "i", isAfterConsonant]]);
}

const inStep2: readonly Rule[] = [
  ["ational", "ate", isMeasured],
  ["tional", "tion", isMeasured],
  ["enci", "ence", isMeasured],
  ["anci", "ance", isMeasured],
  ["izer", "ize", isMeasured],
  ["bli", "ble", isMeasured],
  ["alli", "al", isMeasured],
  ["entli", "ent", isMeasured],
  ["eli", "e", isMeasured],
  ["ousli", "ous", isMeasured],
  ["ization", "ize", isMeasured],
  ["ation", "ate", isMeasured],
  ["ator", "ate", isMeasured],
  ["alism", "al", isMeasured],
  ["iveness", "ive", isMeasured],
  ["fulness", "ful", isMeasured],
  ["ousness", "ous", isMeasured],
  ["aliti", "al", isMeasured],
  ["iviti", "ive", isMeasured],
  ["biliti", "ble", isMeasured],
  ["fulli", "ful", isMeasured],
  // The l belongs to the stem, so that short ones as in "geologi" count.
  ["logi", "log", (text) => isMeasured(`${text}l`)],
];

/** Step 2. */
function doubleSuffixes(word: string): string {
  if (word.endsWith("alli") && isMeasured(word.slice(0, -4))) return doubleSuffixes(word.slice(0, -2));
  return applyFirst(word, inStep2);
}

const inStep3: readonly Rule[] = [
  ["icate", "ic", isMeasured],
  ["ative", "", isMeasured],
  ["alize", "al", isMeasured],
  ["iciti", "ic", isMeasured],
  ["ical", "ic", isMeasured],
  ["ful", "", isMeasured],
  ["ness", "", isMeasured],
];

/** Step 3. */
const simpleSuffixes = (word: string): string => applyFirst(word, inStep3);

const removed = (...suffixes: string[]): Rule[] => suffixes.map((suffix): Rule => [suffix, "", isLong]);
const inStep4: readonly Rule[] = [
  ...removed("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"),
  ["ion", "", (text) => isLong(text) && /[st]$/.test(text)],
  ...removed("ou", "ism", "ate", "iti", "ous", "ive", "ize"),
];

/** Step 4. */
const lastSuffixes = (word: string): string => applyFirst(word, inStep4);

/** Step 5a. */
function finalE(word: string): string {
  if (!word.endsWith("e")) return word;
  const rest = word.slice(0, -1);
  return isLong(rest) || (isMeasured(rest) && !endsInShortSyllable(rest)) ? rest : word;
}

/** Step 5b. */
function finalLl(word: string): string {
  return word.endsWith("ll") && isLong(word.slice(0, -1)) ? word.slice(0, -1) : word;
}
