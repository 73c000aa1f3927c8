import { expect, it } from "vitest";
import { batchesOf } from "../../../src/eval/asking/batches.ts";
import type { Item } from "../../../src/eval/benchmark.ts";
import { randomIds, tinyConfig } from "../../model/tiny.ts";
import { answer, common, prompted } from "../items.ts";

const idsOf = (batches: Item[][]) => batches.map((batch) => batch.map(({ id }) => id));

it("questions on one document are asked together, eight at most; what asks by itself is alone", () => {
  const [one, two] = [randomIds(9, 61, 1), randomIds(9, 61, 2)];
  const items: Item[] = Array.from({ length: 10 }, (_, i) =>
    prompted(`${i % 2}.${i}`, Int32Array.of(...(i % 2 ? one : two), i)),
  );
  items.splice(1, 0, { ...common, id: "scored", ask: async () => answer });
  const batches = idsOf(batchesOf(tinyConfig(), items));
  expect(batches[0]).toEqual(["scored"]);
  const [first, second] = one[0]! < two[0]! ? ["1", "0"] : ["0", "1"];
  expect(batches.flat().slice(1)).toEqual(
    [first, second].flatMap((d) => [0, 2, 4, 6, 8].map((i) => `${d}.${i + Number(d)}`)),
  );
  expect(batches.map(({ length }) => length)).toEqual([1, 8, 2]);
});

it("a batch ends where its caches would pass 1 GiB, and where answers may have another length", () => {
  // Keys and values of a token: 2 · 4 bytes · 16 key heads · 128 · 4 layers = 64 KiB, so 16,384 tokens are 1
  // GiB.
  const config = tinyConfig({
    num_key_value_heads: 16,
    head_dim: 128,
    layer_types: Array(4).fill("full_attention"),
  });
  const long = (id: string) => prompted(id, new Int32Array(8188).fill(Number(id)));
  expect(idsOf(batchesOf(config, ["1", "2", "3", "4", "5"].map(long)))).toEqual([
    ["1", "2"],
    ["3", "4"],
    ["5"],
  ]);
  const short = [prompted("a", Int32Array.of(1), 2), prompted("b", Int32Array.of(1), 3)];
  expect(idsOf(batchesOf(config, short))).toEqual([["a"], ["b"]]);
  const ends = (id: string, stop: number) => ({
    ...prompted(id, Int32Array.of(1), 2),
    verbatim: { stopIds: [stop], minNewTokens: 0 },
  });
  const others = [ends("c", 7), prompted("d", Int32Array.of(1), 2), ends("e", 7), ends("f", 8)];
  expect(
    idsOf(batchesOf(config, others))
      .map((ids) => ids.join())
      .sort(),
  ).toEqual(["c,e", "d", "f"]);
});
