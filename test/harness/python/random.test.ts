import { expect, it } from "vitest";
import { PythonRandom } from "../../../src/harness/python/random.ts";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

it("samples as random.Random(1234).sample, one draw after another, short lists and long ones", () => {
  const short = new PythonRandom(1234);
  expect([short.sample(range(10), 3), short.sample(range(10), 3)]).toEqual([
    [7, 1, 0],
    [1, 0, 9],
  ]);
  const long = new PythonRandom(1234);
  expect(long.sample(range(1000), 10)).toEqual([989, 796, 451, 119, 7, 92, 932, 965, 961, 826]);
  expect(long.sample(range(1000), 10)).toEqual([596, 35, 687, 709, 85, 100, 784, 363, 242, 17]);
});

it("draws floats, bits, numbers and orders as Python", () => {
  const random = new PythonRandom(1234);
  expect([random.random(), random.random(), random.random(), random.random(), random.random()]).toEqual([
    0.9664535356921388, 0.4407325991753527, 0.007491470058587191, 0.9109759624491242, 0.939268997363764,
  ]);
  expect([1, 5, 31, 32, 53].map((bits) => random.getrandbits(bits))).toEqual([
    1n,
    1n,
    1442171593n,
    2976787804n,
    886503085242822n,
  ]);
  expect([0, 0, 0, 0, 0].map(() => random.randint(1, 100))).toEqual([99, 46, 31, 3, 4]);
  expect(random.choices(Array.from("abcdef"), 8).join("")).toBe("fadccaef");
  expect([0, 0, 0].map(() => random.randint(10_000, 99_999))).toEqual([75940, 73799, 42745]);
  const order = range(12);
  random.shuffle(order);
  expect(order).toEqual([2, 3, 9, 6, 0, 5, 4, 11, 7, 8, 10, 1]);
});

it("takes seeds beyond 32 bits, and a negative one as its positive", () => {
  expect(new PythonRandom(-5).random()).toBe(new PythonRandom(5).random());
  expect(new PythonRandom(2n ** 32n + 5n).random()).not.toBe(new PythonRandom(5).random());
});

it("refuses to sample more than there is", () => {
  expect(() => new PythonRandom(0).sample([1, 2], 3)).toThrow(/from 0 to 2, got 3/);
});
