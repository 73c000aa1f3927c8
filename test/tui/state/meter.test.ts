import { expect, test } from "vitest";
import { addSample, emptyMeter, type Meter, ratePerSecond, remainingMs } from "../../../tui/state/meter.ts";

const fill = (samples: readonly [done: number, atMs: number][]): Meter =>
  samples.reduce((meter, [done, atMs]) => addSample(meter, done, atMs), emptyMeter);

test("the rate is what was done over the time it took", () => {
  const meter = fill([
    [0, 1000],
    [10, 3000],
    [30, 5000],
  ]);
  expect(ratePerSecond(meter)).toBe(7.5);
  expect(remainingMs(meter, 90, 5000)).toBe(8000);
});

test("time left counts down between samples and stops at zero", () => {
  const meter = fill([
    [0, 0],
    [10, 1000],
  ]);
  expect(remainingMs(meter, 30, 1500)).toBe(1500);
  expect(remainingMs(meter, 30, 60_000)).toBe(0);
});

test("nothing is told before half a second, without progress, or without a total", () => {
  expect(ratePerSecond(emptyMeter)).toBeNull();
  expect(ratePerSecond(fill([[5, 100]]))).toBeNull();
  expect(
    ratePerSecond(
      fill([
        [0, 0],
        [100, 499],
      ]),
    ),
  ).toBeNull();
  const still = fill([
    [5, 0],
    [5, 9000],
  ]);
  expect(ratePerSecond(still)).toBeNull();
  expect(remainingMs(still, 10, 9000)).toBeNull();
  const going = fill([
    [0, 0],
    [5, 1000],
  ]);
  expect(remainingMs(going, 0, 1000)).toBeNull();
});

test("a burst is one sample: its last count, the first sample stays", () => {
  const meter = fill([
    [0, 0],
    [1, 1000],
    [2, 1010],
    [3, 1020],
    [4, 1030],
  ]);
  expect(meter.samples).toEqual([
    { atMs: 0, done: 0 },
    { atMs: 1000, done: 1 },
    { atMs: 1030, done: 4 },
  ]);
});

test("speed follows the last 30 seconds", () => {
  const slow = Array.from({ length: 60 }, (_, i): [number, number] => [i, i * 1000]);
  const fast = Array.from({ length: 31 }, (_, i): [number, number] => [60 + i * 10, 60_000 + i * 1000]);
  expect(ratePerSecond(fill([...slow, ...fast]))).toBe(10);
});

test("slow work keeps six samples, however old", () => {
  const meter = fill(Array.from({ length: 20 }, (_, i): [number, number] => [i, i * 60_000]));
  expect(meter.samples.length).toBe(6);
  expect(ratePerSecond(meter)).toBeCloseTo(1 / 60, 12);
});

test("a count that goes back starts again", () => {
  const meter = fill([
    [50, 0],
    [60, 1000],
    [1, 2000],
  ]);
  expect(meter.samples).toEqual([{ atMs: 2000, done: 1 }]);
});
