import { expect, it } from "vitest";
import { BufferPool } from "../../../src/engine/memory/buffer-pool.ts";

it("the pool hands out released memory again, the largest too", () => {
  const pool = new BufferPool();
  const [a, b] = [pool.take(1000), pool.take(1000)];
  pool.give(a);
  expect(pool.take(990).buffer).toBe(a.buffer);
  pool.give(b);
  const large = pool.take(100_000);
  pool.give(large);
  expect(pool.take(100_000).buffer).toBe(large.buffer);
});

it("memory that comes back goes where keeping it would take more than was ever in use at a time", () => {
  const pool = new BufferPool();
  const large = pool.take(100_000);
  pool.give(large);
  const small = [pool.take(40_000), pool.take(40_000)];
  for (const array of small) pool.give(array);
  expect(pool.take(100_000).buffer).not.toBe(large.buffer);
  expect(small.map(({ buffer }) => buffer)).toContain(pool.take(40_000).buffer);
});
