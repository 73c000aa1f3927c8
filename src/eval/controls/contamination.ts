import type { Example } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import { createRuns } from "../../datasets/curate/contamination/word-runs.ts";
import { sameWords } from "../../datasets/same-text.ts";
import { textsOf } from "./change-document.ts";
import type { Contaminated } from "./control-results.ts";

/** A test question with its document, as texts. */
export interface Tested {
  id: string;
  /** Questions with one name are about one document. */
  document?: string;
  texts: { question: string; document: string };
}

/** As the recipe's `decontaminate` has them by default. */
const runWords = 13;
const leastWords = 8;
/** A run in more documents than this is a phrase or a template. */
const mostDocuments = 10;
/** From so much of its words on, a text counts as trained on (Tulu 3). */
const leastShare = 0.5;
const mostText = 300;

interface Sought {
  ids: string[];
  kind: Contaminated["kind"];
  group: string;
  covered: Uint8Array;
  count: number;
  longest: { words: number; text: string; row: string };
}

/**
 * Which questions, or documents, stand in training rows: the whole question without its document, or at least
 * half of the words of either in runs of 13 words that rows have as well.
 */
export async function findContaminated(
  tested: readonly Tested[],
  training: AsyncIterable<Example>,
): Promise<{ rows: number; contaminated: Contaminated[] }> {
  const known = createRuns();
  const sought: Sought[] = [];
  const places = new Map<number, [text: number, run: number][]>();
  const lengths = new Set<number>();
  const whole = new Map<string, string[]>();
  const add = (text: string, one: Pick<Sought, "ids" | "kind" | "group">): void => {
    known.scan(text);
    const { count } = known.words;
    if (count < leastWords) return;
    const length = Math.min(runWords, count);
    lengths.add(length);
    const empty = { words: 0, text: "", row: "" };
    const index = sought.push({ ...one, covered: new Uint8Array(count), count: 0, longest: empty }) - 1;
    for (let i = known.hash(length) - 1; i >= 0; i--) {
      known.note(i);
      const key = known.keyAt(i);
      const own = places.get(key);
      if (own) own.push([index, i]);
      else places.set(key, [[index, i]]);
    }
  };
  const documents = Map.groupBy(tested, ({ id, document = id }) => document);
  for (const [group, all] of documents) {
    for (const { id, texts } of all) {
      const key = sameWords(texts.question);
      if (key !== "") whole.set(key, [...(whole.get(key) ?? []), id]);
      add(texts.question, { ids: [id], kind: "question", group });
    }
    for (const [text, same] of Map.groupBy(all, ({ texts }) => texts.document))
      add(text, { ids: same.map(({ id }) => id), kind: "document", group });
  }
  const common = new Set(
    [...places].flatMap(([key, own]) =>
      new Set(own.map(([text]) => sought[text]!.group)).size > mostDocuments ? [key] : [],
    ),
  );
  const found = new Map<string, Contaminated>();
  let rows = 0;
  for await (const example of training) {
    rows++;
    const { question } = textsOf(example);
    for (const id of whole.get(sameWords(question)) ?? [])
      if (!found.has(id))
        found.set(id, { id, kind: "question", share: 1, text: question.slice(0, mostText), row: example.id });
    for (const message of example.messages) {
      known.scan(textOf(message));
      for (const length of lengths) cover(length, example.id);
    }
  }

  function cover(length: number, row: string): void {
    const { words } = known;
    if (words.count < length) return;
    const passages = new Map<number, { position: number; run: number; begin: number }>();
    const count = known.hash(length);
    for (let run = 0; run < count; run++) {
      if (!known.mayHave(run)) continue;
      const key = known.keyAt(run);
      if (common.has(key)) continue;
      for (const [text, position] of places.get(key) ?? []) {
        const one = sought[text]!;
        for (let word = position; word < position + length; word++)
          if (one.covered[word] === 0) {
            one.covered[word] = 1;
            one.count++;
          }
        const last = passages.get(text);
        const goesOn = last && last.position + 1 === position && last.run + 1 === run;
        const begin = goesOn ? last.begin : run;
        passages.set(text, { position, run, begin });
        if (run + length - begin > one.longest.words) {
          const passage = words.text.slice(words.starts[begin], words.ends[run + length - 1]);
          one.longest = { words: run + length - begin, text: passage.slice(0, mostText), row };
        }
      }
    }
  }

  for (const { ids, kind, covered, count, longest } of sought) {
    const share = count / covered.length;
    if (share < leastShare) continue;
    for (const id of ids)
      if (!found.has(id)) found.set(id, { id, kind, share, text: longest.text, row: longest.row });
  }
  const order = new Map(tested.map(({ id }, i) => [id, i]));
  const contaminated = [...found.values()].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
  return { rows, contaminated };
}
