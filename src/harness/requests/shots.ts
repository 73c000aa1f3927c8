import { DataError } from "../../errors.ts";
import { PythonRandom } from "../python/random.ts";
import type { Row, TaskConfig } from "../task-config.ts";
import { reprOf } from "./fields.ts";

/** Draws examples for one question after the other, in the order of the questions. */
export interface Shots {
  /** `asked`: the row that is asked about, where it must not be shown as an example. */
  draw(count: number, asked: Row | null): Row[];
}

/**
 * The examples of a task as lm-evaluation-harness 0.4.13 draws them (api/samplers.py): `first_n` takes the
 * first; the default takes `random.Random(seed).sample`, one generator for the whole task, one row more where
 * the row itself is to be left out.
 */
export function openShots(
  { task, file, fewshot_config }: TaskConfig,
  pool: readonly Row[],
  seed: number,
): Shots {
  const random = new PythonRandom(seed);
  const keys = new Map<Row, string>();
  const keyOf = (row: Row): string => {
    const key = keys.get(row) ?? reprOf(row);
    keys.set(row, key);
    return key;
  };
  const without = (rows: readonly Row[], asked: Row): Row[] => {
    const key = keyOf(asked);
    return rows.filter((row) => keyOf(row) !== key);
  };
  const refuse = (count: number, got: number): never => {
    throw new DataError(
      `${file}: ${task}: num_fewshot: expected at most ${got} examples, as many as there are, got ${count}`,
    );
  };
  return {
    draw(count, asked) {
      if (count === 0) return [];
      if (fewshot_config.sampler === "first_n") {
        const left = asked ? without(pool, asked) : pool;
        if (count > left.length) refuse(count, left.length);
        return left.slice(0, count);
      }
      const wanted = asked ? count + 1 : count;
      if (wanted > pool.length) refuse(count, asked ? pool.length - 1 : pool.length);
      const drawn = random.sample(pool, wanted);
      if (!asked) return drawn;
      const kept = without(drawn, asked).slice(0, count);
      if (kept.length === count) return kept;
      // Copies of the row were drawn: upstream draws again, of the rows that are not it.
      const others = without(pool, asked);
      if (count > others.length) refuse(count, others.length);
      return random.sample(others, count);
    },
  };
}
