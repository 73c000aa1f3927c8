import { draw, pick, sample, shuffled } from "../choice.ts";
import { leaks, type Question } from "./draft.ts";
import type { Field, Profile } from "./profile.ts";
import type { Range } from "./sentences.ts";

/** Fields that people ask about, and how. `{name}` is the country. */
const natural: Record<string, readonly string[]> = {
  "Capital - name": ["What is the capital of {name}?", "Which city is the capital of {name}?"],
  Population: ["What is the population of {name}?", "How many people live in {name}?"],
  "Internet country code": [
    "What is the internet country code of {name}?",
    "Which internet domain does {name} have?",
  ],
  Independence: ["When did {name} become independent?", "What is the date of independence of {name}?"],
  "Government type": ["What type of government does {name} have?"],
  Languages: ["Which languages are spoken in {name}?"],
  Religions: ["Which religions are there in {name}?"],
  Coastline: ["How long is the coastline of {name}?"],
  Location: ["Where is {name}?", "Where does {name} lie?"],
  "Geographic coordinates": ["What are the geographic coordinates of {name}?"],
  "Area - total": ["What is the total area of {name}?", "How large is {name}?"],
  "Area - land": ["What is the land area of {name}?"],
  "Area - comparative": ["How does the area of {name} compare?"],
  Climate: ["What is the climate of {name}?"],
  Terrain: ["What is the terrain of {name} like?"],
  "Elevation extremes - highest point": ["What is the highest point of {name}?"],
  "Elevation extremes - lowest point": ["What is the lowest point of {name}?"],
  "Natural resources": ["What natural resources does {name} have?"],
  "Natural hazards": ["What natural hazards are there in {name}?"],
  "Land boundaries - total": ["How long are the land boundaries of {name}?"],
  "National holiday": ["What is the national holiday of {name}?"],
  "National symbol(s)": ["What is the national symbol of {name}?", "Which symbols stand for {name}?"],
  "National anthem - name": ["What is the national anthem of {name} called?"],
  "Nationality - adjective": ["What adjective is used for {name}?"],
  "Nationality - noun": ["What are the people of {name} called?"],
  "Median age - total": ["What is the median age in {name}?"],
  "Life expectancy at birth - total population": ["What is the life expectancy at birth in {name}?"],
  "Literacy - total population": ["What share of the people of {name} can read and write?"],
  "Population growth rate": ["How fast does the population of {name} grow?"],
  "Birth rate": ["What is the birth rate of {name}?"],
  "Death rate": ["What is the death rate of {name}?"],
  "Total fertility rate": ["How many children does a woman in {name} have on average?"],
  Airports: ["How many airports does {name} have?"],
  "Railways - total": ["How long are the railways of {name}?"],
  "Roadways - total": ["How long are the roads of {name}?"],
  "Agriculture - products": ["What does the agriculture of {name} produce?"],
  Industries: ["What industries does {name} have?"],
  Suffrage: ["Who may vote in {name}?"],
  "Legal system": ["What legal system does {name} have?"],
  "Fiscal year": ["What is the fiscal year of {name}?"],
  "Country name - conventional long form": ["What is the official long name of {name}?"],
  "Telephones - mobile cellular - total": ["How many mobile phones are there in {name}?"],
  "Internet users - total": ["How many people use the internet in {name}?"],
};

const generic = [
  "What does the profile of {name} give under “{label}”?",
  "What is stated for {name} under “{label}”?",
  "{label} of {name}: what does the profile say?",
] as const;

/** Labels with a question of their own, rather than the generic one. */
export function isAsked(field: Field): boolean {
  return Object.hasOwn(natural, field.label);
}

/** Whether the field's text can be an exact short answer: one line of a few words with some content. */
export function isShortAnswer(field: Field): boolean {
  const { text } = field;
  return (
    text.length >= 2 &&
    text.length <= 60 &&
    !text.includes("; ") &&
    !/^(?:NA\b|none\b|note\b|see\b)/i.test(text)
  );
}

/** Answers of all countries by field, for wrong choices. */
export function answersByField(profiles: readonly Profile[]): Map<string, string[]> {
  const answers = new Map<string, Set<string>>();
  for (const field of profiles.flatMap((profile) => profile.fields)) {
    if (!isShortAnswer(field)) continue;
    const known = answers.get(field.label) ?? new Set();
    answers.set(field.label, known.add(field.text));
  }
  return new Map([...answers].map(([label, texts]) => [label, [...texts].sort()]));
}

/**
 * The fields of a profile whose label is there only once, so that a question about it is clear.
 */
export function askable(profile: Profile): Field[] {
  const seen = new Map<string, number>();
  for (const { label } of profile.fields) seen.set(label, (seen.get(label) ?? 0) + 1);
  return profile.fields.filter(
    (field) => isShortAnswer(field) && seen.get(field.label) === 1 && !gives(profile, field),
  );
}

function gives(profile: Profile, field: Field): boolean {
  return leaks(`${profile.name} ${field.label}`, field.text);
}

/** What to ask a profile about: fields people ask about first, then any. */
export function chooseFields(profile: Profile, count: number, key: string): Field[] {
  const fields = askable(profile);
  const asked = sample(fields.filter(isAsked), Math.ceil(count * 0.7), `${key}/asked`);
  const others = sample(
    fields.filter((f) => !isAsked(f)),
    count - asked.length,
    `${key}/others`,
  );
  return shuffled([...asked, ...others], `${key}/order`);
}

export function fieldQuestion(
  profile: Profile,
  field: Field,
  place: Range,
  answers: ReadonlyMap<string, readonly string[]>,
  key: string,
): Question {
  const wordings = natural[field.label] ?? generic;
  const question = pick(wordings, `${key}/wording`)
    .replaceAll("{name}", () => profile.name)
    .replaceAll("{label}", () => field.label);
  const others = draw(answers.get(field.label) ?? [], 8, `${key}/others`).filter(
    (text) => text !== field.text && !leaks(text, field.text),
  );
  // "82.6 years (2015 est.)" is right without its date as well.
  const undated = field.text.replace(/ \((?:\d{1,2} )?(?:\w+ )?\d{4}(?: est\.)?\)$/, "");
  return {
    kind: "field",
    question,
    answer: field.text,
    alsoRight: undated === field.text ? [] : [undated],
    distractors: others,
    evidence: [place],
  };
}
