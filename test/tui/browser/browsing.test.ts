import { expect, test } from "vitest";
import {
  atFirst,
  type BrowserKey,
  type Browsing,
  press,
  type Sight,
  type,
} from "../../../tui/browser/browsing.ts";

const sight: Sight = { count: 5, benchmarks: ["qa", "sums"], page: 3, most: 20 };
const after = (keys: BrowserKey[], from: Partial<Browsing> = {}) =>
  keys.reduce((state, key) => press(state, key, sight), { ...atFirst, ...from });

test("arrows move in the list and stop at its ends; in a sample they scroll", () => {
  expect(after(["down", "down"]).at).toBe(2);
  expect(after(["pageDown", "pageDown"]).at).toBe(4);
  expect(after(["end", "home", "up"]).at).toBe(0);
  expect(after(["enter", "down", "pageDown"])).toMatchObject({ view: "sample", at: 0, offset: 4 });
  expect(after(["enter", "end"]).offset).toBe(20);
});

test("left and right go to the sample before and after, from its first line on", () => {
  expect(after(["enter", "down", "right"])).toMatchObject({ view: "sample", at: 1, offset: 0 });
  expect(after(["enter", "left"]).at).toBe(0);
  expect(after(["enter", "right", "escape"])).toMatchObject({ view: "list", at: 1 });
});

test("filters, tasks and lengths go round, from the first of what is left", () => {
  expect(after(["down", "filter"])).toMatchObject({ filter: "wrong", at: 0 });
  expect(after(["filterBack"]).filter).toBe("failed");
  expect(["qa", "sums", null]).toEqual([1, 2, 3].map((n) => after(Array(n).fill("benchmark")).benchmark));
  expect(after(["length", "length"]).length).toBe(1);
  expect(after(["filter", "benchmark", "length", "escape"])).toEqual(atFirst);
});

test("a search is typed, erased, left or made", () => {
  const keys = { enter: false, erase: false, escape: false };
  const typed = ["a", "h", "x"].reduce((state, char) => type(state, char, keys), after(["search"]));
  expect(typed.typing).toBe("ahx");
  const erased = type(typed, "", { ...keys, erase: true });
  expect(type(erased, "", { ...keys, enter: true })).toMatchObject({ search: "ah", typing: null, at: 0 });
  expect(type(erased, "", { ...keys, escape: true })).toMatchObject({ search: "", typing: null });
});

test("nothing is opened where the list is empty, and help closes to where one was", () => {
  expect(press(atFirst, "enter", { ...sight, count: 0 }).view).toBe("list");
  expect(after(["enter", "help", "down", "help"])).toMatchObject({ view: "sample", isHelp: false });
});
