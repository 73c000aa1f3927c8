import { describe, expect, it } from "vitest";
import type { Part } from "../../../src/eval/statistics/clusters.ts";
import { spreadOf } from "../../../src/eval/statistics/estimate.ts";
import { pairedSpreadOf } from "../../../src/eval/statistics/paired-spread.ts";
import { type Random, randomOf } from "../../../src/random.ts";

/** Questions about documents: what a document does to all of its questions is the same. */
interface World {
  documents: number;
  questions(random: Random): number;
  /** Scores of two models on a document's next question. */
  document(random: Random): () => readonly [number, number];
}

const rounds = 1200;
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const rightWith = (random: Random, p: number): number => (random.next() < p ? 1 : 0);

const rightOrWrong = (random: Random) => {
  const [ease, change] = [random.normal(), 0.4 + 0.7 * random.normal()];
  return () => [rightWith(random, logistic(ease)), rightWith(random, logistic(ease + change))] as const;
};
const shares = (random: Random) => {
  const [ease, change] = [random.normal(), 0.3 * random.normal()];
  return () => [ease + random.normal(), ease + change + random.normal()] as const;
};
const alike = () => 4;
const unlike = (random: Random) => 1 + random.below(8);
const fewLarge = (random: Random) => (random.next() < 0.15 ? 20 : 1 + random.below(3));

function draw({ documents, questions, document }: World, random: Random) {
  const rows: { name: string; scores: readonly [number, number] }[] = [];
  for (let i = 0; i < documents; i++) {
    const next = document(random);
    for (let n = questions(random); n > 0; n--) rows.push({ name: `${i}`, scores: next() });
  }
  return rows;
}

const part = (sum: number): Part => ({ sum, weight: 1 });

/** How often the intervals have the mean, and the mean difference, of a very large draw. */
function coverage(world: World) {
  const random = randomOf(7, "coverage");
  const many = draw({ ...world, documents: 100_000, questions: () => 1 }, random);
  const meanOf = (of: (scores: readonly [number, number]) => number) =>
    many.reduce((sum, { scores }) => sum + of(scores), 0) / many.length;
  const truth = { mean: meanOf(([a]) => a), difference: meanOf(([a, b]) => b - a) };
  const hits = { mean: 0, difference: 0, ignoring: 0 };
  const isIn = ({ low, high }: { low?: number; high?: number }, value: number): number =>
    low! <= value && value <= high! ? 1 / rounds : 0;
  for (let round = 0; round < rounds; round++) {
    const rows = draw(world, random);
    const names = rows.map(({ name }) => name);
    const [a, b] = [0, 1].map((model) => rows.map(({ scores }) => part(scores[model]!)));
    const quick = { isResampled: false };
    hits.mean += isIn(spreadOf(a!, names, undefined, quick), truth.mean);
    hits.ignoring += isIn(spreadOf(a!, [], undefined, quick), truth.mean);
    hits.difference += isIn(pairedSpreadOf(a!, b!, names, undefined, quick), truth.difference);
  }
  return hits;
}

describe("intervals of 95 % over simulated documents have the truth in 93 to 97 % of draws", () => {
  const worlds: [string, World][] = [
    [
      "20 documents of 4 questions, right or wrong",
      { documents: 20, questions: alike, document: rightOrWrong },
    ],
    ["40 documents of 1–8, right or wrong", { documents: 40, questions: unlike, document: rightOrWrong }],
    ["10 documents of 1–8, scores", { documents: 10, questions: unlike, document: shares }],
    [
      "40 documents, a few with most questions, scores",
      { documents: 40, questions: fewLarge, document: shares },
    ],
    ["100 questions, each its own document", { documents: 100, questions: () => 1, document: rightOrWrong }],
  ];
  for (const [name, world] of worlds) {
    it(name, () => {
      const { mean, difference, ignoring } = coverage(world);
      expect([name, mean > 0.93 && mean < 0.97, mean]).toEqual([name, true, mean]);
      expect([name, difference > 0.93 && difference < 0.97, difference]).toEqual([name, true, difference]);
      // What taking questions of one document for independent ones would give.
      if (world.questions === alike || world.questions === unlike) expect(ignoring).toBeLessThan(0.9);
    });
  }
});
