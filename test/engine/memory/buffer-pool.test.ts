import { expect, it } from "vitest";
import { BufferPool } from "../../../src/engine/memory/buffer-pool.ts";

it("the pool hands out released memory again, and never holds more than was in use at a time", () => {
  const pool = new BufferPool();
  const [a, b] = [pool.take(1000), pool.take(1000)];
  pool.give(a);
  expect(pool.take(990).buffer).toBe(a.buffer);
  pool.give(b);
  const large = pool.take(100_000);
  pool.give(large);
  expect(pool.take(100_000).buffer).toBe(large.buffer);
});
