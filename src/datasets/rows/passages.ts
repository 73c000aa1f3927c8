/** A prompt or text of fewer UTF-16 units has no document in it that is told from the rest. */
const leastChars = 400;
/** A passage of fewer UTF-16 units is a question or an instruction as well as a part of a document. */
const leastPassageChars = 120;
/** A line so long is a paragraph by itself; shorter ones are parts of their block. */
const paragraphChars = 200;
/** Lines or sentences that are taken for a question or a label at one end of a passage, at most. */
const mostCues = 4;

/** A part of a text: a long line, or a block of shorter lines between blank ones. */
interface Range {
  text: string;
  start: number;
  end: number;
}

/**
 * The passages of texts by which a document in them is known again, longest first: paragraphs, or blocks of
 * short lines, without what may be a question, label or instruction at their ends. So a document has the same
 * longest passage whatever stands before or behind it. None where the texts are short.
 */
export function* passagesOf(texts: readonly string[]): Generator<string> {
  if (texts.reduce((sum, text) => sum + text.length, 0) < leastChars) return;
  const ranges = texts.flatMap(rangesIn).sort((a, b) => b.end - b.start - (a.end - a.start));
  // Trimming makes passages shorter, so the longest may not come first: those at hand wait for longer ones.
  let waiting: string[] = [];
  let longest = 0;
  for (const [i, { text, start, end }] of ranges.entries()) {
    const passage = trimmed(text.slice(start, end));
    if (passage.length >= leastPassageChars) waiting.push(passage);
    longest = Math.max(longest, passage.length);
    const next = ranges[i + 1];
    const most = next === undefined ? 0 : next.end - next.start;
    if (longest <= most) continue;
    waiting.sort((one, other) => other.length - one.length || (one < other ? -1 : 1));
    const from = waiting.findIndex(({ length }) => length <= most);
    yield* from < 0 ? waiting : waiting.slice(0, from);
    waiting = from < 0 ? [] : waiting.slice(from);
    longest = waiting[0]?.length ?? 0;
  }
}

function rangesIn(text: string): Range[] {
  const ranges: Range[] = [];
  /** Of the block of lines that goes on. */
  let [blockStart, blockEnd, hasParagraph] = [-1, -1, false];
  const closeBlock = (): void => {
    if (blockStart >= 0 && !hasParagraph && blockEnd - blockStart >= leastPassageChars)
      ranges.push({ text, start: blockStart, end: blockEnd });
    [blockStart, hasParagraph] = [-1, false];
  };
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    if (isBlank(text, start, end)) closeBlock();
    else {
      if (blockStart < 0) blockStart = start;
      blockEnd = end;
      if (end - start >= paragraphChars) {
        hasParagraph = true;
        ranges.push({ text, start, end });
      }
    }
    start = end + 1;
  }
  closeBlock();
  return ranges;
}

function isBlank(text: string, start: number, end: number): boolean {
  return end === start || (end - start < 100 && text.slice(start, end).trim() === "");
}

function trimmed(passage: string): string {
  return passage.trimEnd().includes("\n") ? trimmedLines(passage) : trimmedSentences(passage);
}

const isQuestion = (text: string): boolean => /[?？][”"’')\]]*$/.test(text.slice(-8));
const isLabel = (text: string): boolean => text.endsWith(":") || text.endsWith("：");
/** "Question: …", in the languages that most data are in. */
const asks =
  /^\W{0,3}(?:question|query|q|answer|instruction|task|frage|antwort|aufgabe|pregunta|respuesta|pergunta|resposta|domanda|risposta|réponse|вопрос|ответ|问题|回答|答案|質問|答え|질문|답변)\s?\d{0,3}\s?[:：]/iu;

/** Without lines at both ends that ask or introduce. */
function trimmedLines(passage: string): string {
  const lines = passage.split("\n").map((line) => line.trim());
  const isCue = (line: string): boolean => isQuestion(line) || isLabel(line) || asks.test(line);
  let [from, to] = [0, lines.length];
  for (let n = 0; n < mostCues && from < to && isCue(lines[from]!); n++) from++;
  for (let n = 0; n < mostCues && from < to && isCue(lines[to - 1]!); n++) to--;
  return lines.slice(from, to).join("\n");
}

/** Without a label before the line ("Text: …", "Answer from this report: …") and questions at its ends. */
function trimmedSentences(line: string): string {
  let rest = line.trim();
  for (let n = 0; n < mostCues; n++) {
    const before = rest.length;
    // Looked for at the ends only: a passage may have a million characters.
    const head = rest.slice(0, 300);
    if (!/[?:？：]/.test(head) && !isQuestion(rest)) break;
    const lead =
      /^[^.?!:。？！：]{1,100}(?::\s+|：)/u.exec(head) ??
      /^[^.?!。？！]{1,280}[?？][”"’')\]]*\s*/u.exec(head);
    if (lead) rest = rest.slice(lead[0].length);
    if (isQuestion(rest)) {
      const tail = rest.slice(-300);
      const asked = /(?<=[.!?。！？…][”"’')\]]*\s*)[^\s.?!。？！][^.?!。？！]*[?？][”"’')\]]*$/u.exec(tail);
      if (asked) rest = rest.slice(0, rest.length - asked[0].length).trimEnd();
    }
    if (rest.length === before) break;
  }
  return rest;
}
