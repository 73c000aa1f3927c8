import { expect, test } from "vitest";
import { atFirst, type Key, type Looking, press, type Sight, viewsOf } from "../../../tui/state/looking.ts";
import { freshState, play, recorded } from "../harness.tsx";

const sight: Sight = { views: ["now", "results", "samples", "log"], most: 30, page: 10, samples: 3 };
const after = (keys: Key[], from: Partial<Looking> = {}): Looking =>
  keys.reduce((looking, key) => press(looking, key, sight), { ...atFirst, ...from });

test("tab goes through the views that have something, and round", () => {
  const views = ["tab", "tab", "tab", "tab"].map((_, i) => after(Array<Key>(i + 1).fill("tab")).view);
  expect(views).toEqual(["results", "samples", "log", "now"]);
  expect(after(["back"]).view).toBe("log");
  expect(viewsOf(freshState())).toEqual(["now"]);
  expect(viewsOf(play(recorded))).toEqual(["now", "loss", "board", "results", "samples", "rows", "log"]);
});

test("a view is scrolled between its ends; the log begins at its last line", () => {
  const offsets = (keys: Key[]) => after(keys, { view: "results" }).offset;
  expect(offsets(["up"])).toBe(0);
  expect(offsets(["down", "down"])).toBe(2);
  expect(offsets(["pageDown", "pageDown", "pageDown", "pageDown"])).toBe(30);
  expect(offsets(["end", "pageUp", "up"])).toBe(19);
  expect(offsets(["end", "home"])).toBe(0);
  expect(after(["back", "up"]).offset).toBe(29);
});

test("arrows go among the samples, from the newest on", () => {
  const sample = (keys: Key[]) => after(keys, { view: "samples" }).sample;
  expect(sample(["left"])).toBe(1);
  expect(sample(["left", "left", "left"])).toBe(0);
  expect(sample(["left", "right", "right"])).toBe(2);
  expect(after(["left"], { view: "results" }).sample).toBeNull();
});

test("? opens the help over the view and closes it", () => {
  expect(after(["tab", "help"])).toMatchObject({ view: "results", isHelp: true });
  expect(after(["tab", "help", "help"])).toMatchObject({ view: "results", isHelp: false });
  expect(after(["tab", "help", "tab"])).toMatchObject({ view: "results", isHelp: false });
});
