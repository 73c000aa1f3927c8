/** A suffix, what takes its place, and what has to hold of the text before it. */
export type Rule = readonly [suffix: string, replacement: string, holds?: (before: string) => boolean];

/** Only the first rule whose suffix is there counts, whether or not its condition holds. */
export function applyFirst(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const [suffix, replacement, holds] = rule;
  const before = word.slice(0, word.length - suffix.length);
  return holds === undefined || holds(before) ? before + replacement : word;
}

/** Every character but a vowel and a y after a consonant. */
function consonants(text: string): boolean[] {
  const flags: boolean[] = [];
  for (const [i, char] of [...text].entries()) {
    flags.push(char === "y" ? i === 0 || !flags[i - 1] : !"aeiou".includes(char));
  }
  return flags;
}

export function isConsonant(text: string, place: number): boolean {
  return consonants(text.slice(0, place + 1))[place]!;
}

export function hasVowel(text: string): boolean {
  return consonants(text).includes(false);
}

/** Porter's m: how often a vowel is followed by a consonant. */
export function measure(text: string): number {
  const flags = consonants(text);
  return flags.filter((flag, i) => flag && i > 0 && !flags[i - 1]).length;
}

/**
 * Consonant, vowel, consonant other than w, x, y (Porter's *o), or just vowel, consonant (NLTK's addition).
 */
export function endsInShortSyllable(text: string): boolean {
  const flags = consonants(text);
  const [first, vowel, last] = flags.slice(-3);
  if (flags.length === 2) return !first! && vowel!;
  return flags.length > 2 && first! && !vowel! && last! && !"wxy".includes(text.at(-1)!);
}
