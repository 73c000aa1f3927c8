import { readdirSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { FilterSpec } from "../../../../src/contracts/recipe.ts";
import { filterCatalog } from "../../../../src/datasets/curate/filters/index.ts";
import { languageOf } from "../../../../src/datasets/curate/filters/language.ts";
import { packagePath } from "../../../../src/package-root.ts";
import { curated, exampleOf, wordsOf } from "../examples.ts";

async function reasonOf(filter: FilterSpec, question: string, answer: string, document?: string) {
  const example = exampleOf("a", question, answer, document === undefined ? {} : { document });
  const [result] = await curated([example], { filters: [filter] });
  return "dropped" in result! ? `${result.dropped.reason}: ${result.dropped.detail}` : "kept";
}

test("every filter has its line in the index", () => {
  const files = readdirSync(packagePath("src/datasets/curate/filters")).map((file) =>
    file.replace(/\.ts$/, ""),
  );
  expect(Object.keys(filterCatalog).sort()).toEqual(files.filter((file) => file !== "index").sort());
});

test("everything wrong with names and options is told at once", async () => {
  const wrong = curated([], {
    filters: [
      { name: "lenght" },
      { name: "length", options: { min_answer_word: 1, max_prompt_chars: -1 } },
      { name: "language", options: { languages: ["xx"] } },
    ],
  });
  await expect(wrong).rejects.toMatchObject({
    code: "E_CONFIG",
    problems: [
      expect.stringMatching(
        /^data\.curate\.filters\[0\]\.name: expected one of boilerplate, .*, got "lenght"$/,
      ),
      expect.stringMatching(
        /^data\.curate\.filters\[1\]\.options\.min_answer_word: expected one of min_prompt_chars/,
      ),
      "data.curate.filters[1].options.max_prompt_chars: expected >= 0, got -1",
      expect.stringMatching(
        /^data\.curate\.filters\[2\]\.options\.languages\.0: expected one of en, .*, got \["xx"\]$/,
      ),
    ],
  });
});

test.each([
  [{ min_answer_words: 3 }, "answer_too_short: 2 words, min_answer_words 3"],
  [{ min_answer_words: 2 }, "kept"],
  [{ max_prompt_chars: 8 }, "prompt_too_long: 9 chars, max_prompt_chars 8"],
  [{ max_prompt_chars: 9 }, "kept"],
  [{ min_document_chars: 5 }, "kept"],
])("length: %o", async (options, expected) => {
  expect(await reasonOf({ name: "length", options }, "Who is it", "The captain.")).toBe(expected);
});

test("length: of a document only where there is one", async () => {
  const filter = { name: "length", options: { min_document_words: 4 } };
  expect(await reasonOf(filter, "Who?", "He.", "Three words only")).toMatch(/^document_too_short: 3 words/);
});

describe("repetition", () => {
  const own = wordsOf("w", 80).join(" ");
  test.each([
    ["prose", own, "kept"],
    ["few words", "no no no no no no", "kept"],
    ["lines", `${own}\n${"the same line here\n".repeat(30)}`, /^repetition: dup_line_frac 0\.94 > 0\.3$/],
    ["paragraphs", [...Array(10).fill(own)].join("\n\n"), /^repetition: dup_para_frac 0\.90 > 0\.3$/],
    [
      "two words",
      `${wordsOf("v", 20).join(" ")} ${"again please ".repeat(40)}`,
      /^repetition: top_2_gram 0\.\d\d > 0\.2$/,
    ],
    [
      "a run of words",
      `${wordsOf("v", 120).join(" ")} ${own} ${own}`,
      /^repetition: dup_5_grams 0\.\d\d > 0\.15$/,
    ],
  ])("%s", async (_, answer, expected) => {
    expect(await reasonOf({ name: "repetition" }, "Write.", answer)).toMatch(expected);
  });
});

test.each([
  ["As an AI language model, I do not have feelings.", "refusal: As an AI language model, I"],
  ["I’m sorry, but I cannot help with that.", "refusal: I'm sorry, but I cannot"],
  ["I cannot provide that.", "refusal: I cannot provide"],
  ["An AI language model is trained on text.", "kept"],
  ["He said: I'm sorry, but I cannot come.", "kept"],
  ["I cannot but admire the whale.", "kept"],
])("refusal: %s", async (answer, expected) => {
  expect(await reasonOf({ name: "refusal" }, "As an AI language model, I ask.", answer)).toBe(expected);
});

test("refusal: more phrases, whatever their case", async () => {
  const filter = { name: "refusal", options: { phrases: ["als KI-Modell"] } };
  expect(await reasonOf(filter, "?", "Als KI-modell weiß ich nichts.")).toBe("refusal: als ki-modell");
});

test.each([
  [
    "A text.\nLorem ipsum dolor sit amet.\nMore.\n".repeat(9),
    /^boilerplate: 9 of 27 lines, one: Lorem ipsum/,
  ],
  ["This site uses cookies.\nAll rights reserved.\nA text.", /^boilerplate: 2 of 3 lines, one: This site/],
  [`${"A line of text.\n".repeat(20)}Click here.`, /^kept$/],
])("boilerplate: %#", async (answer, expected) => {
  expect(await reasonOf({ name: "boilerplate" }, "Write.", answer)).toMatch(expected);
});

const texts = {
  en: "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife. However little known the feelings of such a man may be.",
  de: "Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett zu einem ungeheueren Ungeziefer verwandelt. Er lag auf dem Rücken und sah, wie sich der Bauch hob.",
  fr: "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se fermaient si vite que je n'avais pas le temps de me dire que je dormais dans le lit.",
  es: "En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho tiempo que vivía un hidalgo de los de lanza en astillero, y los días que estaba en la casa eran muy largos.",
  it: "Nel mezzo del cammin di nostra vita mi ritrovai per una selva oscura, che la diritta via era smarrita. È una cosa dura dire quanto era questa selva, che nel pensiero rinova la paura non è poco.",
  pt: "Não me lembro de quando foi que ele chegou à cidade, mas sei que era uma noite de chuva e que as ruas não tinham mais ninguém. Ela também estava na casa com os seus pais.",
  nl: "Ik ben makelaar in koffie en woon op de gracht. Het is niet mijn gewoonte om romans te schrijven of zulke dingen, en het heeft dan ook lang geduurd voor ik er toe overging om een boek te maken.",
  ru: "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Всё смешалось в доме Облонских.",
  ja: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた事だけは記憶している。",
  zh: "道可道非常道名可名非常名無名天地之始有名萬物之母故常無欲以觀其妙常有欲以觀其徼此兩者同出而異名",
};

test.each(Object.entries(texts))("the language of a text in %s", (language, text) => {
  expect(languageOf(text)).toBe(language);
});

describe("language", () => {
  it("holds answers and prompts to it apart, and leaves what cannot be told unless asked", async () => {
    const filter = { name: "language" };
    expect(await reasonOf(filter, texts.en, texts.fr)).toBe("language: answers: fr");
    expect(await reasonOf(filter, texts.fr, texts.en)).toBe("language: prompts: fr");
    expect(await reasonOf(filter, texts.en, "Oui.")).toBe("kept");
    const code = wordsOf("x", 40).join(" ");
    expect(await reasonOf(filter, texts.en, code)).toBe("kept");
    const strict = { name: "language", options: { drop_unknown: true } };
    expect(await reasonOf(strict, texts.en, code)).toBe("language: answers: not known");
    expect(await reasonOf(strict, "Yes?", "No.")).toBe("kept");
  });
});
