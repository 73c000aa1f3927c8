import type { Turn } from "../respondent.ts";

/** A message of a prompt, and what follows it where there is no chat template. */
export interface Delimited extends Turn {
  delimiter: string;
}

/** Python's `str.isspace` of one character. */
const blank = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function endsBlank(text: string): boolean {
  return text !== "" && blank.test(text.at(-1)!);
}

/** Whether neither text has white space where they meet. */
export function needsDelimiter(before: string, after: string): boolean {
  return before !== "" && !endsBlank(before) && !blank.test(after[0] ?? "");
}

/** Two texts, with the delimiter between them where neither is empty or has white space there. */
export function joined(before: string | undefined, after: string | undefined, delimiter: string): string {
  if (!before || !after) return before || after || "";
  return before + (needsDelimiter(before, after) ? delimiter : "") + after;
}

/** A question and, for an example, its answer. */
export interface Question {
  text: string;
  /** undefined for the one that is asked. */
  answer?: string | undefined;
  genPrefix?: string | undefined;
  targetDelimiter: string;
  /** After the answer. */
  fewshotDelimiter: string;
}

/** One or two turns of a question (api/task.py, build_qa_turn). */
export function questionTurns({
  text,
  answer,
  genPrefix,
  targetDelimiter,
  fewshotDelimiter,
}: Question): Delimited[] {
  const hasAnswer = answer !== undefined && answer !== "";
  const isDelimited = genPrefix ? needsDelimiter(text, genPrefix) : hasAnswer;
  const turns: Delimited[] = [{ role: "user", content: text, delimiter: isDelimited ? targetDelimiter : "" }];
  if (hasAnswer) {
    const content = joined(genPrefix, answer, " ");
    turns.push({ role: "assistant", content, delimiter: fewshotDelimiter });
  } else if (genPrefix) turns.push({ role: "assistant", content: genPrefix, delimiter: "" });
  return turns;
}

/** Turns as one text. */
export function asText(turns: readonly Delimited[]): string {
  return turns.map(({ content, delimiter }) => content + delimiter).join("");
}

/** Examples and question as one message of the user, between the system's and a beginning of the answer. */
export function asSingleTurn(turns: readonly Delimited[]): Turn[] {
  const system = turns[0]?.role === "system" ? [turns[0]] : [];
  const rest = turns.slice(system.length);
  const beginning = rest.at(-1)?.role === "assistant" ? rest.splice(-1) : [];
  const last = rest.length - 1;
  const content = asText(rest.map((turn, i) => (i === last ? { ...turn, delimiter: "" } : turn)));
  return plain([...system, { role: "user", content, delimiter: "" }, ...beginning]);
}

export function plain(turns: readonly Delimited[]): Turn[] {
  return turns.map(({ role, content }) => ({ role, content }));
}
