/** A half-open range of UTF-16 units. */
export interface Range {
  start: number;
  end: number;
}

// An end mark with what may close after it, blanks, and what may open a sentence. The pattern is simple on
// purpose: the word before the mark decides whether it ends a sentence.
const boundary = /[.!?]["'”’)\]]*\s+(?=["'“‘([]?[A-Z0-9$])/g;
const abbreviation =
  /(?:^|[\s("“])(?:[A-Z]|Mr|Mrs|Ms|Dr|Messrs|Gen|Hon|Rev|Capt|Col|Lieut|Maj|St|No|Nos|Art|Sec|U\.S|U\.N|D\.C|p|pp|vol|i\.e|e\.g|cf|etc|vs|Jan|Feb|Mar|Apr|Aug|Sept|Oct|Nov|Dec)\.$/;

/**
 * The sentences of a text, in order and without the blanks between them. A sentence never crosses a blank
 * line. Good enough for English prose: it may join two sentences at an abbreviation, it does not split at one
 * it knows.
 */
export function sentenceRanges(text: string): Range[] {
  const ranges: Range[] = [];
  for (const paragraph of paragraphRanges(text)) {
    const body = text.slice(paragraph.start, paragraph.end);
    let start = 0;
    for (const match of body.matchAll(boundary)) {
      const mark = match.index + 1;
      if (match[0].startsWith(".") && abbreviation.test(body.slice(Math.max(0, mark - 10), mark))) continue;
      ranges.push({
        start: paragraph.start + start,
        end: paragraph.start + match.index + match[0].trimEnd().length,
      });
      start = match.index + match[0].length;
    }
    if (start < body.length) ranges.push({ start: paragraph.start + start, end: paragraph.end });
  }
  return ranges;
}

/** What stands between blank lines, without the blanks around it. */
function paragraphRanges(text: string): Range[] {
  const ranges: Range[] = [];
  for (const match of text.matchAll(/\S(?:[^\n]|\n(?!\s*\n))*/g)) {
    ranges.push({ start: match.index, end: match.index + match[0].trimEnd().length });
  }
  return ranges;
}

/** Words in lower case with where they stand; an apostrophe or hyphen inside belongs to the word. */
export function* wordsOf(text: string): Generator<{ word: string; start: number }> {
  for (const match of text.matchAll(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)) {
    yield { word: match[0].toLowerCase(), start: match.index };
  }
}
