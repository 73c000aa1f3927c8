import { expect, it } from "vitest";
import { bucketName, bucketOf } from "../../../src/mixing/sample/length-buckets.ts";

it("a bucket begins with its bound, and each has a name", () => {
  const bounds = [2048, 8192, 10_000];
  const buckets = [0, 2047, 2048, 8191, 8192, 9999, 10_000, 99_999].map((n) => bucketOf(n, bounds));
  expect(buckets).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect([0, 1, 2, 3].map((bucket) => bucketName(bucket, bounds))).toEqual([
    "under 2k",
    "2k to 8k",
    "8k to 10000",
    "10000 and more",
  ]);
  expect([bucketOf(5, []), bucketName(0, [])]).toEqual([0, "any length"]);
});
