import { draw, pick, sample, shuffled } from "../../choice.ts";
import type { Draft } from "../../draft.ts";
import type { BuildOptions, DatasetEntry } from "../../entry.ts";
import { promptDraft, type Question, questionDraft } from "../../synthesize/draft.ts";
import { sizes } from "../../synthesize/passage.ts";
import {
  beginning,
  contextSize,
  lengthsOf,
  type Prose,
  type ProsePlan,
  passageFrom,
  proseDrafts,
  proseOf,
} from "../../synthesize/prose.ts";
import { provenanceOf, readVendored } from "../../vendored.ts";

interface AddressRow {
  id: string;
  file: string;
  year: number;
  name: string;
  party: string;
  text: string;
}

interface Address extends Prose {
  year: number;
  name: string;
  party: string;
}

const plan: ProsePlan = {
  shortQuestions: { complete_sentence: 3, cloze: 4, quote: 2, next_sentence: 1 },
  longQuestions: { complete_sentence: 1, cloze: 1, quote: 1, next_sentence: 1 },
  shortSummaries: 2,
  longSummaries: 1,
  shortContinuations: 2,
  longContinuations: 1,
};

export const stateOfTheUnion: DatasetEntry = {
  id: "state-of-the-union",
  title: "State of the Union addresses, 1790–2021: questions, summaries, writing",
  description:
    "233 addresses. Questions ask for words, sentences and the speaker, year and party (from a " +
    "heading put before or after the text); every answer stands in the context. Summaries are the " +
    "address's own sentences that share most words with the rest, taken out of the text (gap " +
    "sentences, as PEGASUS selects them). Writing continues a passage, or writes the address from " +
    "its opening or from notes.",
  ...provenanceOf("state-of-the-union"),
  tasks: ["qa", "summarization", "writing"],
  lengths: ["short", "long"],
  templated: true,
  documents,
  async *examples(options) {
    const all = await Array.fromAsync(documents());
    for (const address of all) yield { document: address, drafts: drafts(address, all, options) };
  },
};

async function* documents(): AsyncGenerator<Address> {
  let row = 0;
  for await (const { id, file, year, name, party, text } of readVendored<AddressRow>("state-of-the-union")) {
    const title = `State of the Union address, ${name}, ${year}`;
    const prose = proseOf({ id: `state-of-the-union/${id}`, row: row++, file, title, text });
    yield { ...prose, year, name, party };
  }
}

function* drafts(address: Address, all: readonly Address[], options: BuildOptions): Generator<Draft> {
  yield* proseDrafts(address, plan, options);
  if (options.tasks.has("qa")) yield* headingQuestions(address, all, options);
  if (options.tasks.has("writing") && options.lengths.has("long")) yield* wholeAddress(address, options);
}

/**
 * Who, when, which party: the heading that says it is put before or after the text.
 */
function* headingQuestions(
  address: Address,
  all: readonly Address[],
  options: BuildOptions,
): Generator<Draft> {
  const party = address.party === "none" ? "" : ` (${address.party})`;
  const heading = `State of the Union address by ${address.name}${party}, ${address.year}`;
  for (const length of lengthsOf(address, options)) {
    for (let turn = 0; turn < 2; turn++) {
      const name = `${length}-heading-${turn}`;
      const key = `${address.id}/${name}`;
      const body = beginning(address, contextSize(length, address.id, turn, options)).text;
      const atTop = pick([true, false], `${key}/top`);
      const context = atTop ? `${heading}\n\n${body}` : `${body}\n\n${heading}`;
      const start = atTop ? 0 : body.length + 2;
      const evidence = [{ start, end: start + heading.length }];
      const questions = shuffled(questionsOf(address, all, key), `${key}/order`).map((q) => ({
        ...q,
        evidence,
      }));
      // The second of the two is a conversation of several turns about the same text.
      yield questionDraft(address, name, length, context, turn === 0 ? questions.slice(0, 1) : questions);
    }
  }
}

function questionsOf(address: Address, all: readonly Address[], key: string): Omit<Question, "evidence">[] {
  const others = (value: (a: Address) => string) => {
    const found = new Set(all.map(value));
    found.delete(value(address));
    found.delete("none");
    return draw([...found].sort(), 3, `${key}/others`);
  };
  const questions: Omit<Question, "evidence">[] = [
    {
      kind: "heading",
      question: pick(["Who delivered this address?", "Which president gave this address?"], `${key}/who`),
      answer: address.name,
      distractors: others((a) => a.name),
    },
    {
      kind: "heading",
      question: pick(
        ["In what year was this address delivered?", "Of which year is this address?"],
        `${key}/when`,
      ),
      answer: String(address.year),
      distractors: others((a) => String(a.year)),
    },
  ];
  if (address.party !== "none") {
    questions.push({
      kind: "heading",
      question: pick(
        ["Which party does the text give for the speaker?", "What was the speaker's party?"],
        `${key}/party`,
      ),
      answer: address.party,
      distractors: others((a) => a.party),
    });
  }
  return questions;
}

const openingFrames = [
  "Write the State of the Union address that {name} gave in {year}. It begins:\n\n{document}",
  "This is how {name} opened the State of the Union address of {year}. Write the address.\n\n{document}",
] as const;

const notesFrames = [
  "Write a State of the Union address, as {name} gave it in {year}, from these notes.\n\n{document}",
  "Notes for the State of the Union address of {year} ({name}):\n\n{document}\n\nWrite out the address.",
] as const;

/**
 * Long writing: the address itself is the answer, from its opening or from the first words of some of its
 * sentences.
 */
function* wholeAddress(address: Address, options: BuildOptions): Generator<Draft> {
  if (address.text.length < sizes.longMinimum + sizes.short) return;
  const { name } = address;
  const year = String(address.year);
  const opening = beginning(address, 500);
  for (const [turn, form] of (["opening", "notes"] as const).entries()) {
    const size = contextSize("long", `${address.id}/whole`, turn, options);
    const answer = passageFrom(address, form === "opening" ? opening.sentences.length : 0, size);
    const document = form === "opening" ? opening.text : notes(answer.text, answer.sentences, address.id);
    const shape = {
      task: "writing",
      kind: form === "opening" ? "address_from_opening" : "address_from_notes",
      length: "long",
      frames: form === "opening" ? openingFrames : notesFrames,
    } as const;
    yield promptDraft(address, `long-address-${form}`, shape, { name, year, document }, answer.text);
  }
}

/** A note a thousand characters: the first ten words of a sentence. */
function notes(text: string, sentences: Prose["sentences"], key: string): string {
  const long = sentences.filter((range) => range.end - range.start >= 60);
  return sample(long, Math.max(3, Math.round(text.length / 1_000)), `${key}/notes`)
    .map((range) => `- ${text.slice(range.start, range.end).split(/\s+/).slice(0, 10).join(" ")} …`)
    .join("\n");
}
