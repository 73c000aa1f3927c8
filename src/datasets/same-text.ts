/**
 * Characters that nobody sees (Unicode's Default_Ignorable_Code_Point): soft hyphens, joiners and spaces of
 * no width, marks of direction, variation selectors, the byte order mark.
 */
const unseen = /\p{DI}/gu;

/**
 * A text as people mean it, for comparing: composed (NFC and NFD are the same), full-width letters, ligatures
 * and superscripts as plain ones (NFKC), nothing that is not seen. ASCII is returned as it is, unread beyond
 * one search. What differs in case, white space or punctuation stays different.
 */
export function sameText(text: string): string {
  return isPlain(text) ? text : text.replace(unseen, "").normalize("NFKC");
}

/** A text of which case and white space do not count either: for finding copies. */
export function sameWords(text: string): string {
  return sameText(text).toLowerCase().replace(/\s+/g, " ").trim();
}

/** Whether every character is ASCII: it is then what it seems. */
export function isPlain(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
