import { type Field, type Profile, readProfiles } from "../../../datasets/synthesize/profile.ts";
import { placesOf, type QuestionSet } from "./question-set.ts";

/** Fields that a question can be about: what it asks of a country. */
const asked: readonly { section: string; label: string; question(country: string): string }[] = [
  { section: "Government", label: "Capital - name", question: (name) => `What is the capital of ${name}?` },
  {
    section: "Communications",
    label: "Internet country code",
    question: (name) => `What is the Internet country code of ${name}?`,
  },
  {
    section: "Geography",
    label: "Elevation extremes - highest point",
    question: (name) => `What is the highest point of ${name}?`,
  },
  { section: "Geography", label: "Coastline", question: (name) => `How long is the coastline of ${name}?` },
  {
    section: "People and Society",
    label: "Nationality - noun",
    question: (name) => `What are the people of ${name} called?`,
  },
];

/** A document has at least so many characters where its section has them, about as SQuAD's paragraphs. */
const documentChars = 600;
const longestAnswer = 40;

/**
 * Questions on the country profiles that ship. `single`: one document answers. `double`: one document says
 * which country is meant, another one answers for it.
 */
export async function factbookQuestions(): Promise<{ single: QuestionSet; double: QuestionSet }> {
  const { documents, place } = placesOf();
  const single: QuestionSet["questions"][number][] = [];
  const double: QuestionSet["questions"][number][] = [];
  for await (const profile of readProfiles()) {
    const placed = new Map<Field, number>();
    for (const fields of documentsOf(profile)) {
      const own = place(documentText(profile.name, fields));
      for (const field of fields) placed.set(field, own);
    }
    const all = [...new Set(placed.values())];
    const find = (section: string, label: string): Field | undefined =>
      profile.fields.find((field) => field.section === section && field.label === label);
    for (const { section, label, question } of asked) {
      const field = find(section, label);
      const answer = field && answerOf(field, profile.name);
      if (!field || answer === undefined) continue;
      const needed = [placed.get(field)!];
      const related = all.filter((one) => one !== needed[0]);
      single.push({ question: question(profile.name), answers: [answer], needed, related });
    }
    const code = find("Communications", "Internet country code");
    const capital = find("Government", "Capital - name");
    const answer = capital && answerOf(capital, profile.name);
    if (!code || !capital || answer === undefined || !/^\.[a-z]{2}$/.test(code.text)) continue;
    double.push({
      question: `What is the capital of the country whose Internet country code is ${code.text}?`,
      answers: [answer],
      needed: [placed.get(code)!, placed.get(capital)!],
      related: [],
    });
  }
  return { single: { documents, questions: single }, double: { documents, questions: double } };
}

/** Fields of a section that together are long enough, in their order. */
function documentsOf({ fields }: Profile): Field[][] {
  const groups: Field[][] = [];
  let chars = 0;
  for (const field of fields) {
    const last = groups.at(-1);
    if (!last || last[0]!.section !== field.section || chars >= documentChars) {
      groups.push([field]);
      chars = field.text.length;
    } else {
      last.push(field);
      chars += field.text.length;
    }
  }
  return groups;
}

function documentText(country: string, fields: readonly Field[]): string {
  const lines = fields.map(({ label, text }) => `${label}: ${text}`);
  return `${country}, ${fields[0]!.section}\n${lines.join("\n")}`;
}

/** A short answer that does not name the country itself; without what stands in brackets or after it. */
function answerOf({ text }: Field, country: string): string | undefined {
  const first = text.split(/[;(]|,(?!\d)/)[0]!.trim();
  // Of "Tahat 3,003 m" the name alone: a height beside it is no part of what is asked.
  const answer = first.replace(/(?<=\p{L}.*)\s+-?[\d,.]+ m$/u, "");
  const isShort = answer.length > 1 && answer.length <= longestAnswer;
  return isShort && !answer.includes(country) && !country.includes(answer) ? answer : undefined;
}
