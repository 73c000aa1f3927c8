import { readFileSync } from "node:fs";
import { PythonRandom } from "../../src/harness/python/random.ts";
import type { Oracle } from "./oracle.ts";
import { same } from "./same.ts";

interface File {
  rows: { seed: number; population: number; k: number; draws: number[][] }[];
  one: Record<"random" | "getrandbits" | "randrange" | "choices" | "randint" | "shuffle", unknown[]>;
}

/** Draws of Python's `random.Random`. */
export const pythonRandom: Oracle = {
  takes: (fileName) => fileName === "python-random.json",
  *compare(path) {
    const { rows, one } = JSON.parse(readFileSync(path, "utf8")) as File;
    for (const { seed, population, k, draws } of rows) {
      const random = new PythonRandom(seed);
      const items = Array.from({ length: population }, (_, i) => i);
      const got = draws.map(() => random.sample(items, k));
      yield same(`python-random: sample ${k} of ${population}, seed ${seed}`, got, draws);
    }
    // All of one generator, in this order.
    const random = new PythonRandom(1234);
    const times = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
    yield same(
      "python-random: random",
      times(one.random.length, () => random.random()),
      one.random,
    );
    const bits = [1, 5, 31, 32, 53];
    yield same(
      "python-random: getrandbits",
      bits.map((count) => Number(random.getrandbits(count))),
      one.getrandbits,
    );
    yield same(
      "python-random: randrange",
      times(one.randrange.length, () => random.randint(1, 100)),
      one.randrange,
    );
    yield same(
      "python-random: choices",
      random.choices(Array.from("abcdef"), one.choices.length),
      one.choices,
    );
    yield same(
      "python-random: randint",
      times(one.randint.length, () => random.randint(10_000, 99_999)),
      one.randint,
    );
    const order = Array.from({ length: one.shuffle.length }, (_, i) => i);
    random.shuffle(order);
    yield same("python-random: shuffle", order, one.shuffle);
  },
};
