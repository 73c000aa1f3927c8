import { expect, it } from "vitest";
import { hostPool } from "../../../src/engine/memory/buffer-pool.ts";

it("the pool hands out released memory again, the largest too", () => {
  const pool = hostPool();
  const [a, b] = [pool.take(1000), pool.take(1000)];
  pool.give(a);
  expect(pool.take(990)).toBe(a);
  pool.give(b);
  const large = pool.take(100_000);
  pool.give(large);
  expect(pool.take(100_000)).toBe(large);
});

it("memory that comes back goes where keeping it would take more than was ever in use at a time", () => {
  const pool = hostPool();
  const large = pool.take(100_000);
  pool.give(large);
  const small = [pool.take(40_000), pool.take(40_000)];
  for (const array of small) pool.give(array);
  expect(pool.take(100_000)).not.toBe(large);
  expect(small).toContain(pool.take(40_000));
});
