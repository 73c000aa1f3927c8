import { expect, it } from "vitest";
import { openArena } from "../../../src/engine/memory/arena.ts";

const MiB = 1 << 20;

it("an arena takes regions of powers of two and uses again what came back", () => {
  const arena = openArena();
  const first = arena.take(MiB);
  arena.give(first);
  expect(arena.take(MiB)).toMatchObject({ start: 0 });
  expect(arena.touched()).toBe(MiB);
});

it("an arena cuts a chunk only if it is twice as large as asked for, and joins what is free again", () => {
  const arena = openArena();
  const large = arena.take(3 * MiB); // a region of 4 MiB, handed out whole
  expect(arena.touched()).toBe(4 * MiB);
  arena.give(large);
  const [a, b] = [arena.take(MiB), arena.take(MiB)];
  expect([a.start, b.start]).toEqual([0, MiB]);
  arena.give(a);
  arena.give(b);
  expect(arena.take(4 * MiB).start).toBe(0);
  expect(arena.touched()).toBe(4 * MiB);
});
