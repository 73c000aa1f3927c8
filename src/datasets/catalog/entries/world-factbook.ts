import { fnv32, sample, shuffled } from "../../choice.ts";
import type { Draft } from "../../draft.ts";
import type { BuildOptions, DatasetEntry } from "../../entry.ts";
import { promptDraft, type Question, questionDraft } from "../../synthesize/draft.ts";
import { sizes } from "../../synthesize/passage.ts";
import {
  type Field,
  findField,
  type Profile,
  readProfiles,
  renderExcerpt,
  renderProfile,
} from "../../synthesize/profile.ts";
import {
  answersByField,
  chooseFields,
  fieldQuestion,
  isShortAnswer,
} from "../../synthesize/profile-questions.ts";
import { contextSize, lengthsOf } from "../../synthesize/prose.ts";
import { sentenceRanges } from "../../synthesize/sentences.ts";
import { provenanceOf } from "../../vendored.ts";

const shortQuestions = 16;
const longQuestions = 4;

type Answers = ReadonlyMap<string, readonly string[]>;

export const worldFactbook: DatasetEntry = {
  id: "world-factbook",
  title: "The World Factbook: questions, summaries, writing about countries",
  description:
    "261 country profiles. Questions ask for one field (capital, population, independence …), about " +
    "a few fields or about the whole profile, alone or as several turns; the answer is the field's " +
    "text word for word. Summaries are the first sentence of the profile's own Background or " +
    "economic overview; writing turns facts into those paragraphs.",
  ...provenanceOf("world-factbook"),
  tasks: ["qa", "summarization", "writing"],
  lengths: ["short", "long"],
  templated: true,
  documents: readProfiles,
  async *examples(options) {
    const profiles = await Array.fromAsync(readProfiles());
    const answers = answersByField(profiles);
    for (const profile of profiles) yield { document: profile, drafts: drafts(profile, answers, options) };
  },
};

function* drafts(profile: Profile, answers: Answers, options: BuildOptions): Generator<Draft> {
  const lengths = lengthsOf(profile, options);
  const short = lengths.includes("short");
  const long = lengths.includes("long");
  if (options.tasks.has("qa") && short) yield* shortFieldQuestions(profile, answers);
  if (options.tasks.has("qa") && long) yield* longFieldQuestions(profile, answers, options);
  if (options.tasks.has("summarization") && short) yield* leadOfBackground(profile);
  for (const [field, kind] of paragraphs) {
    const target = findField(profile, field);
    if (target === undefined || sentenceRanges(target.text).length < 2) continue;
    if (options.tasks.has("summarization") && long) yield overview(profile, target, kind, options);
    if (options.tasks.has("writing") && short) yield* shortWriting(profile, target, kind);
    if (options.tasks.has("writing") && long) yield longWriting(profile, target, kind, options);
  }
}

/**
 * A few lines of the profile and a question on one of them; every fourth is a conversation of three turns.
 */
function* shortFieldQuestions(profile: Profile, answers: Answers): Generator<Draft> {
  const fields = chooseFields(profile, shortQuestions, `${profile.id}/short`);
  for (const [n, field] of fields.entries()) {
    const name = `short-field-${n}`;
    const key = `${profile.id}/${name}`;
    const around = excerptAround(profile, field, fields, key);
    const { text, places } = renderExcerpt(profile.name, around);
    const turns =
      n % 4 === 3
        ? [
            field,
            ...shuffled(
              around.filter((f) => f !== field && fields.includes(f)),
              key,
            ),
          ]
        : [field];
    const questions = turns
      .slice(0, 3)
      .map((f) => fieldQuestion(profile, f, places.get(f)!, answers, `${key}/${f.label}`));
    yield questionDraft(profile, name, "short", text, questions);
  }
}

/**
 * The field, its own other parts or any short lines of the profile: two to seven of them, in the profile's
 * order.
 */
function excerptAround(profile: Profile, field: Field, asked: readonly Field[], key: string): Field[] {
  const line = (f: Field) => f.label.length + f.text.length <= 130;
  const parts = profile.fields.filter((f) => f.field === field.field && line(f));
  const others = profile.fields.filter(
    (f) => line(f) && f.label !== field.label && (isShortAnswer(f) || f.text.length > 60),
  );
  const count = 1 + (fnv32(`${key}/count`) % 6);
  const company =
    parts.length >= 3 && fnv32(`${key}/company`) % 3 === 0
      ? parts
      : [
          ...sample(
            asked.filter((f) => f !== field),
            Math.min(2, count),
            `${key}/asked`,
          ),
          ...sample(others, count, `${key}/any`),
        ];
  const chosen = new Set([field, ...company]);
  const kept = profile.fields.filter((f) => chosen.has(f));
  // One line a label, and the whole small enough for a short example.
  let size = 0;
  return kept.filter((f) => {
    if (f !== field && (kept.some((g) => g !== f && g.label === f.label) || size > 600)) return false;
    size += f.label.length + f.text.length;
    return true;
  });
}

/**
 * The whole profile, or some of its sections, and a question about one line. The last has several turns.
 */
function* longFieldQuestions(profile: Profile, answers: Answers, options: BuildOptions): Generator<Draft> {
  const fields = chooseFields(profile, longQuestions + 3, `${profile.id}/long`);
  const { text, places } = renderProfile(profile);
  const ask = (name: string, size: number, asked: readonly Field[]): Draft => {
    const key = `${profile.id}/${name}`;
    const window = linesAround(
      text,
      asked.map((f) => places.get(f)!),
      size,
      fnv32(key) / 2 ** 32,
    );
    const questions: Question[] = asked.map((f) => {
      const { start, end } = places.get(f)!;
      const place = { start: start - window.start, end: end - window.start };
      return fieldQuestion(profile, f, place, answers, `${key}/${f.label}`);
    });
    return questionDraft(profile, name, "long", text.slice(window.start, window.end), questions);
  };
  for (const [n, field] of fields.slice(0, longQuestions).entries()) {
    yield ask(`long-field-${n}`, contextSize("long", profile.id, n, options), [field]);
  }
  const turns = fields.slice(longQuestions);
  if (turns.length > 1) yield ask("long-field-turns", options.maxChars, turns);
}

/**
 * Whole lines of the text around all `inside`, at most `size` characters unless those lines alone are more.
 */
function linesAround(
  text: string,
  inside: readonly { start: number; end: number }[],
  size: number,
  depth: number,
): { start: number; end: number } {
  const first = Math.min(...inside.map((r) => r.start));
  const last = Math.max(...inside.map((r) => r.end));
  if (text.length <= size) return { start: 0, end: text.length };
  const room = Math.max(0, size - (last - first));
  const wanted = Math.min(Math.max(0, first - Math.round(room * depth)), Math.max(0, text.length - size));
  const start = wanted === 0 ? 0 : Math.min(first, text.indexOf("\n", wanted - 1) + 1);
  const cut = Math.max(last, start + size);
  const end = cut >= text.length ? text.length : Math.max(last, text.lastIndexOf("\n", cut));
  return { start, end };
}

const paragraphs = [
  ["Background", "background"],
  ["Economy - overview", "economy"],
] as const;

/** PEGASUS' "Lead": the first sentence of a paragraph stands for its summary and is taken out. */
function* leadOfBackground(profile: Profile): Generator<Draft> {
  for (const [field, kind] of paragraphs) {
    const text = findField(profile, field)?.text ?? "";
    const sentences = sentenceRanges(text);
    const lead = sentences[0];
    if (lead === undefined || sentences.length < 3 || lead.end > 300) continue;
    const rest = text.slice(sentences[1]!.start, lastEnd(sentences, sizes.short));
    const frames = [
      "Summarize this text about {name} in one sentence.\n\n{document}",
      "{document}\n\nWrite one sentence that introduces this text about {name}.",
    ];
    const shape = { task: "summarization", kind: `lead_of_${kind}`, length: "short", frames } as const;
    yield promptDraft(
      profile,
      `short-lead-${kind}`,
      shape,
      { name: profile.name, document: rest },
      text.slice(0, lead.end),
    );
  }
}

function lastEnd(sentences: readonly { end: number }[], maxChars: number): number {
  return sentences.findLast((s) => s.end <= maxChars)?.end ?? sentences[1]!.end;
}

/** Profile without its narrative → the narrative's first sentence. */
function overview(profile: Profile, target: Field, kind: string, options: BuildOptions): Draft {
  const frames = [
    `Sum up ${topic[kind]} {name} in one sentence.\n\n{document}`,
    `{document}\n\nFrom this profile, introduce ${topic[kind]} {name} in one sentence.`,
  ];
  const document = withoutNarrative(profile, contextSize("long", `${profile.id}/${kind}`, 0, options));
  const lead = target.text.slice(0, sentenceRanges(target.text)[0]!.end);
  const shape = { task: "summarization", kind: `profile_to_${kind}_lead`, length: "long", frames } as const;
  return promptDraft(profile, `long-lead-${kind}`, shape, { name: profile.name, document }, lead);
}

const topic: Record<string, string> = { background: "the profile of", economy: "the economy of" };

/**
 * Facts → the paragraph. Short: a handful of the facts that people ask about and a paragraph that is short.
 */
function* shortWriting(profile: Profile, target: Field, kind: string): Generator<Draft> {
  if (target.text.length > 900) return;
  const facts = chooseFields(profile, 6, `${profile.id}/facts/${kind}`);
  const document = renderExcerpt(profile.name, facts).text;
  const shape = {
    task: "writing",
    kind: `facts_to_${kind}`,
    length: "short",
    frames: writingFrames(kind),
  } as const;
  yield promptDraft(profile, `short-facts-${kind}`, shape, { name: profile.name, document }, target.text);
}

function longWriting(profile: Profile, target: Field, kind: string, options: BuildOptions): Draft {
  const document = withoutNarrative(profile, contextSize("long", `${profile.id}/${kind}`, 2, options));
  const shape = {
    task: "writing",
    kind: `profile_to_${kind}`,
    length: "long",
    frames: writingFrames(kind),
  } as const;
  return promptDraft(profile, `long-facts-${kind}`, shape, { name: profile.name, document }, target.text);
}

function writingFrames(kind: string): readonly string[] {
  return kind === "background"
    ? [
        "Write a paragraph on the history and present of {name}. These facts are known:\n\n{document}",
        "{document}\n\nWrite the background paragraph of the profile of {name}.",
      ]
    : [
        "Write a paragraph on the economy of {name}. These facts are known:\n\n{document}",
        "{document}\n\nWrite the overview of the economy of {name}.",
      ];
}

/** The profile's first lines up to `size` characters, without the two narrative fields. */
function withoutNarrative(profile: Profile, size: number): string {
  const names: readonly string[] = paragraphs.map(([field]) => field);
  const fields = profile.fields.filter((field) => !names.includes(field.field));
  const { text } = renderProfile({ name: profile.name, fields });
  return text.slice(0, linesAround(text, [{ start: 0, end: 1 }], size, 0).end);
}
