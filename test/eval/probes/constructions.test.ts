import { describe, expect, it } from "vitest";
import { openTasks, type ProbeTask, probeTasks } from "../../../src/eval/probes/catalog.ts";
import { clearAtMost } from "../../../src/eval/probes/constructions/coded-words.ts";
import { factbookQuestions } from "../../../src/eval/probes/questions/factbook.ts";
import { adjectives, nouns } from "../../../src/eval/probes/words.ts";
import { randomOf } from "../../../src/random.ts";

const tasks = await openTasks(probeTasks, {});
const draft = (task: ProbeTask, { length = 4096, depth = 50, sample = 0, seed = 7 } = {}) =>
  tasks.get(task)!({ random: randomOf(seed, task), length, depth, sample });
const hayOf = ({ text, hay }: { text: string; hay: { start: number; end: number } }): string =>
  text.slice(hay.start, hay.end);
const countOf = (text: string, part: string): number => text.split(part).length - 1;

it("has RULER's thirteen tasks", () => {
  expect(probeTasks).toEqual([
    ...[
      "niah_single_1",
      "niah_single_2",
      "niah_single_3",
      "niah_multikey_1",
      "niah_multikey_2",
      "niah_multikey_3",
    ],
    ...["niah_multivalue", "niah_multiquery", "vt", "cwe", "fwe", "qa_1", "qa_2"],
  ]);
});

it("each word of keys is there once", () => {
  for (const words of [adjectives, nouns]) expect(new Set(words).size).toBe(words.length);
});

describe("needles", () => {
  it.each([
    ["niah_single_1", 1, 1, /^\d{7}$/],
    ["niah_single_2", 1, 1, /^\d{7}$/],
    ["niah_single_3", 1, 1, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ["niah_multikey_1", 4, 1, /^\d{7}$/],
    ["niah_multikey_2", 101, 1, /^\d{7}$/],
    ["niah_multikey_3", 101, 1, /-/],
    ["niah_multivalue", 4, 4, /^\d{7}$/],
    ["niah_multiquery", 4, 4, /^\d{7}$/],
  ] as const)("%s hides %i of which %i are asked for, each once", (task, hidden, asked, form) => {
    const { textOf, references } = draft(task);
    const whole = textOf(100);
    expect(countOf(hayOf(whole), "One of the special magic ")).toBe(hidden);
    expect(references).toHaveLength(asked);
    for (const reference of references) {
      expect(reference).toMatch(form);
      expect(countOf(whole.text, reference)).toBe(1);
    }
  });

  it.each([
    ["niah_single_1", "\n"],
    ["niah_multikey_2", "\n"],
  ] as const)("%s stands at its depth, in lines", (task, join) => {
    for (const depth of [0, 25, 50, 100]) {
      const { textOf, references } = draft(task, { depth });
      const lines = hayOf(textOf(40)).split(join);
      expect(lines).toHaveLength(41);
      expect(lines.findIndex((line) => line.includes(references[0]!))).toBe((40 * depth) / 100);
    }
  });

  it("in running text they stand between sentences, at the ends at 0 and 100 %", () => {
    const needleOf = (text: string): RegExpExecArray =>
      /One of the special magic numbers for \S+ is: \d+\./.exec(text)!;
    for (const depth of [0, 25, 50, 75, 100]) {
      const text = hayOf(draft("niah_single_2", { depth }).textOf(2000));
      const { index, 0: needle } = needleOf(text);
      const [before, after] = [text.slice(0, index).trim(), text.slice(index + needle.length).trim()];
      if (depth === 0) expect(before).toBe("");
      if (depth === 100) expect(after).toBe("");
      if (before !== "" && after !== "") expect(before).toMatch(/[.!?]["'”’)\]]*$/);
      const share = before.split(" ").filter(Boolean).length / 2000;
      expect(Math.abs(share - depth / 100)).toBeLessThan(0.1);
    }
  });

  it("more hay leaves questions, values and depths as they are", () => {
    for (const task of probeTasks) {
      const { textOf, references } = draft(task);
      for (const text of [textOf(40), textOf(200)].map((one) => one.text))
        if (!task.startsWith("qa")) for (const one of references) expect(text).toContain(one);
      expect(textOf(40).prefix).toBe(textOf(200).prefix);
    }
  });
});

it("vt goes from variable to variable in order, and asks for all five", () => {
  const { textOf, references } = draft("vt");
  const hay = hayOf(textOf(30)).split("\n");
  const value = /assigned the value (\d+) in/.exec(textOf(0).text.slice(textOf(0).hay.end))![1];
  const statements = hay.filter((line) => line.startsWith("VAR"));
  expect(statements).toEqual([
    `VAR ${references[0]} = ${value}`,
    ...[1, 2, 3, 4].map((i) => `VAR ${references[i]} = VAR ${references[i - 1]}`),
  ]);
  expect(hay).toHaveLength(35);
});

describe("cwe", () => {
  it.each([
    [2048, 6, 1],
    [4096, 30, 3],
  ])("at %i tokens ten words stand %i times, others %i", (length, often, seldom) => {
    const { textOf, references } = draft("cwe", { length });
    const words = hayOf(textOf(60)).match(/[a-z]+/g)!;
    const counts = Map.groupBy(words, (word) => word);
    expect(counts.size).toBe(60);
    for (const [word, all] of counts) expect(all).toHaveLength(references.includes(word) ? often : seldom);
    expect(references).toHaveLength(10);
    // The answer would be found in a word that it stands in.
    for (const one of references)
      expect([...counts.keys()].filter((word) => word.includes(one))).toEqual([one]);
  });
});

describe("fwe", () => {
  it("words stand as often as the zeta distribution with α 2 says", () => {
    const { textOf, references } = draft("fwe");
    const counts = Map.groupBy(hayOf(textOf(2000)).split(" "), (word) => word);
    const times = (word: string): number => counts.get(word)!.length;
    // 2000 / ζ(2) = 1215.85: over 1, 4, 9 and 16.
    expect(["...", ...references].map(times)).toEqual([1215, 303, 135, 75]);
  });

  it("the third is always more frequent than the fourth, which RULER's may not be", () => {
    // At 42 words the third and the fourth would both stand there once.
    expect(clearAtMost(42)).toBe(41);
    expect(clearAtMost(Number.POSITIVE_INFINITY)).toBe(27);
    for (let units = 27; units < 400; units++) {
      const counts = [...Map.groupBy(hayOf(draft("fwe").textOf(units)).split(" "), (word) => word).values()]
        .map((all) => all.length)
        .sort((a, b) => b - a);
      expect(counts[3]).toBeGreaterThan(counts[4] ?? 0);
    }
  });
});

describe("questions", () => {
  it("of qa_1 are answered by one document, at its depth among those of the same country", async () => {
    const { single } = await factbookQuestions();
    for (const { answers, needed, related } of single.questions) {
      expect(single.documents[needed[0]!]).toContain(answers[0]);
      expect(related).not.toContain(needed[0]);
    }
    const { textOf, references } = draft("qa_1", { depth: 100 });
    const documents = hayOf(textOf(12)).split(/\n\n(?=Document \d+:)/);
    expect(documents).toHaveLength(12);
    expect(documents.at(-1)).toContain(references[0]);
  });

  it("of qa_2 need two documents: one says which country, the other answers", async () => {
    const { double } = await factbookQuestions();
    expect(double.questions.length).toBeGreaterThan(150);
    for (const { question, answers, needed } of double.questions) {
      const code = /code is (\.[a-z]{2})\?/.exec(question)![1]!;
      const [first, second] = needed.map((one) => double.documents[one]!);
      expect(first).toContain(`Internet country code: ${code}`);
      expect(second).toContain(`Capital - name: ${answers[0]}`);
      expect(first!.split(",")[0]).toBe(second!.split(",")[0]);
    }
    expect(draft("qa_2").fewest).toBe(2);
  });
});
