import { Type } from "@sinclair/typebox";
import { choice } from "../../../schema.ts";
import { contentsOf, defineFilter } from "../filter.ts";

/** Words that are frequent in the language, and rare in the others. */
const stopWords: Readonly<Record<string, string>> = {
  en: "the of and to in is that for it with was on are as by this be from at which or have not they his had but were their been has will would who more said there what when your you she he",
  de: "der die und das ist nicht mit den von zu ein eine auf für im dem sich des auch als wird sind oder aus bei einer nach wie ich wir sie wurde haben hat noch nur zum zur über werden kann aber",
  fr: "de je me à si mes avait était le la les et des est une du dans que qui pour pas sur au avec ce il par plus sont ne se cette aux ou mais nous vous été ont son ses leur elle comme être fait tout très même",
  es: "de el la los las y es que en del una por con para se no su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante fue son era",
  it: "il lo gli e di che è un una per non con del della in sono si come anche più ma nel alla dei delle da al questo ha le suo sua dal nella loro essere stato ai molto tra quando perché",
  pt: "o os e de que do da em um uma para não com no na por mais dos das se como mas ao foi ele ela são sua seu ou quando muito nos já também só pelo pela até isso entre depois sem mesmo aos",
  nl: "de het een en van is dat op te in niet zijn met voor er aan ook als bij dan maar om wordt door naar heeft deze dit over werd uit nog worden meer tot kan geen zich hij zij hun",
};

/** Languages told by their script, in this order: kana is Japanese, Han without kana is Chinese. */
const scripts: readonly (readonly [language: string, pattern: RegExp])[] = [
  ["ja", /[\p{sc=Hiragana}\p{sc=Katakana}]/gu],
  ["zh", /\p{sc=Han}/gu],
  ["ko", /\p{sc=Hangul}/gu],
  ["ru", /\p{sc=Cyrillic}/gu],
  ["ar", /\p{sc=Arabic}/gu],
  ["el", /\p{sc=Greek}/gu],
  ["he", /\p{sc=Hebrew}/gu],
  ["hi", /\p{sc=Devanagari}/gu],
  ["th", /\p{sc=Thai}/gu],
];

const lists = Object.entries(stopWords).map(([name, list]) => [name, new Set(list.split(" "))] as const);
/** Enough to tell, however long the text is. */
const sampleChars = 20_000;

/**
 * The language of a text, or null where it cannot be told: by script, and for Latin script by the stop words
 * of seven languages. `ru` stands for any language in Cyrillic, `ar` for any in Arabic script, and so on.
 * Null also for fewer than `minWords` words, for code and for other languages.
 */
export function languageOf(text: string, minWords = 20): string | null {
  const sample = text.slice(0, sampleChars);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  for (const [language, pattern] of scripts) {
    const found = sample.match(pattern)?.length ?? 0;
    const needed = language === "ja" ? 0.1 : 0.4;
    if (found >= minWords && found > needed * letters) return language;
  }
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < minWords) return null;
  const scores = lists
    .map(([language, list]) => {
      const found = words.filter((word) => list.has(word));
      // One word repeated ("Um, um, um!") says nothing about the language.
      return { language, count: new Set(found).size < 4 ? 0 : found.length };
    })
    .sort((a, b) => b.count - a.count);
  const [best, second] = scores;
  const isTold = best!.count >= 0.15 * words.length && best!.count >= 1.3 * second!.count;
  return isTold ? best!.language : null;
}

/** By the language of prompts and answers together. */
export const language = defineFilter({
  description: "examples in another language than those wanted, told by script and stop words",
  options: {
    languages: Type.Array(choice([...Object.keys(stopWords), ...scripts.map(([name]) => name)]), {
      description: "Languages that stay.",
      minItems: 1,
      default: ["en"],
    }),
    min_words: Type.Integer({ description: "Shorter texts stay.", minimum: 1, default: 20 }),
    drop_unknown: Type.Boolean({
      description: "Whether texts whose language cannot be told go, too.",
      default: false,
    }),
  },
  create:
    ({ languages, min_words: minWords, drop_unknown: dropUnknown }) =>
    (example) => {
      const answers = contentsOf(example, "answers").join("\n");
      const prompts = contentsOf(example, "prompts").join("\n");
      // Both are checked: a question in English does not excuse an answer in French.
      for (const [part, text] of Object.entries({ answers, prompts })) {
        const found = languageOf(text, minWords);
        if (found === null ? dropUnknown && isLong(text, minWords) : !languages.includes(found))
          return { reason: "language", detail: `${part}: ${found ?? "not known"}` };
      }
      return null;
    },
});

function isLong(text: string, minWords: number): boolean {
  return (text.match(/\p{L}+/gu)?.length ?? 0) >= minWords;
}
