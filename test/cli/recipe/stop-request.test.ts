import { expect, it } from "vitest";
import { listenForStop } from "../../../src/cli/recipe/stop-request.ts";

it("the first asks, the second is told, the third leaves; signals of one press count once", () => {
  const seen: string[] = [];
  let now = 0;
  const stops = listenForStop(
    {
      onFirst: () => seen.push("first"),
      onSecond: () => seen.push("second"),
      onThird: () => seen.push("third"),
    },
    () => now,
  );
  expect(stops.requested).toBe(false);
  // npm hands each press on, so each comes twice: the second press must not count as a third.
  for (const [ms, expected] of [
    [0, ["first"]],
    [1000, ["first", "second"]],
    [2000, ["first", "second", "third"]],
  ] as const) {
    now = ms;
    process.emit("SIGINT");
    now = ms + 300;
    stops.request();
    expect(seen).toEqual(expected);
  }
  stops.dispose();
  expect(process.listenerCount("SIGHUP")).toBe(0);
});
