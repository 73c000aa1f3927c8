import fc from "fast-check";
import { expect, it } from "vitest";
import { type BufferOps, Pieces } from "../../../src/engine/memory/buffer-pieces.ts";

/** Buffers that remember whether they were disposed, and refuse to be used after. */
function countedOps(): BufferOps<{ data: number[] }> & { live: Set<{ data: number[] }> } {
  const live = new Set<{ data: number[] }>();
  const create = (data: number[]) => {
    const buffer = { data };
    live.add(buffer);
    return buffer;
  };
  const use = (buffer: { data: number[] }): number[] => {
    if (!live.has(buffer)) throw new Error("a buffer was used after it was disposed");
    return buffer.data;
  };
  return {
    live,
    zeros: async (length) => create(Array(length).fill(0)),
    slice: async (buffer, start, end) => create(use(buffer).slice(start, end)),
    concat: async (buffers) => create(buffers.flatMap(use)),
    dispose(buffer) {
      use(buffer);
      live.delete(buffer);
    },
  };
}

const length = 12;
const range = fc
  .tuple(fc.nat(length - 1), fc.nat(length - 1))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }));
const action = fc.record({ kind: fc.constantFrom("read", "write", "clear"), range });

it("pieces read and write like one array, and every buffer is disposed once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
      const ops = countedOps();
      const pieces = new Pieces(ops, length, null);
      const model: number[] = Array(length).fill(0);
      let next = 1;
      for (const { kind, range: at } of actions) {
        const { start, end } = at;
        if (kind === "read") {
          const { buffer, isTemporary } = await pieces.read(start, end);
          expect(buffer.data).toEqual(model.slice(start, end));
          if (isTemporary) ops.dispose(buffer);
          continue;
        }
        const values = Array.from({ length: end - start }, () => (kind === "clear" ? 0 : next++));
        model.splice(start, end - start, ...values);
        const written = kind === "clear" ? null : { data: values };
        if (written) ops.live.add(written);
        await pieces.write(start, end, written);
      }
      const whole = await pieces.read(0, length);
      expect(whole.buffer.data).toEqual(model);
      expect(ops.live.size).toBe(1);
      pieces.dispose();
      expect(ops.live.size).toBe(0);
    }),
  );
});

it("joins its pieces once: the second read of the whole is the same buffer", async () => {
  const ops = countedOps();
  const pieces = new Pieces(ops, 4, null);
  const half = { data: [1, 2] };
  ops.live.add(half);
  await pieces.write(0, 2, half);
  const first = await pieces.read(0, 4);
  expect(first).toEqual({ buffer: { data: [1, 2, 0, 0] }, isTemporary: false });
  expect((await pieces.read(0, 4)).buffer).toBe(first.buffer);
});
