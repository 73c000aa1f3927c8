import { afterAll, expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { MaskCache } from "../../../src/model/attention/tile-masks.ts";

const device = cpuDevice({ threads: 1 });
afterAll(() => device.dispose());

/** What the queries of a tile see, a row each: 1 for a key that is seen. */
async function seen(queries: number, offset: number, window: number | null): Promise<string[]> {
  const tile = { keyStart: 10, queryStart: 10 + offset, queryEnd: 10 + offset + queries, byHead: false };
  const { mask } = new MaskCache(device).get(tile, window);
  expect(mask.shape).toEqual([queries, offset + queries]);
  const values = [...(await device.read(mask))].map((value) => (value === 0 ? "1" : "0"));
  return Array.from({ length: queries }, (_, i) =>
    values.slice(i * (offset + queries), (i + 1) * (offset + queries)).join(""),
  );
}

it("a window hides what lies before it, also where it is but one key narrower than the tile", async () => {
  const causal = ["10000", "11000", "11100", "11110", "11111"];
  expect(await seen(5, 0, null)).toEqual(causal);
  expect(await seen(5, 0, 5)).toEqual(causal);
  expect(await seen(5, 0, 4)).toEqual([...causal.slice(0, 4), "01111"]);
  expect(await seen(2, 3, 4)).toEqual(["11110", "01111"]);
  expect(await seen(2, 3, 2)).toEqual(["00110", "00011"]);
  expect(await seen(2, 3, 1)).toEqual(["00010", "00001"]);
});

it("tiles of one form share a mask, whose window counts only where it hides something", () => {
  const masks = new MaskCache(device);
  const at = (start: number, window: number | null) =>
    masks.get({ keyStart: start, queryStart: start + 3, queryEnd: start + 5, byHead: false }, window);
  expect(at(40, 4)).toBe(at(0, 4));
  expect(at(0, 3)).not.toBe(at(0, 4));
  expect(at(0, 5)).toBe(at(0, null));
  expect(at(0, 4)).not.toBe(at(0, null));
});
