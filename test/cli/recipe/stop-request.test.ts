import { expect, it } from "vitest";
import { listenForStop } from "../../../src/cli/recipe/stop-request.ts";

it("the first asks, the next leaves, and two signals of one press count once", () => {
  const seen: string[] = [];
  let now = 0;
  const stops = listenForStop(
    () => seen.push("first"),
    () => seen.push("second"),
    () => now,
  );
  process.emit("SIGINT");
  now = 300;
  process.emit("SIGINT");
  expect(seen).toEqual(["first"]);
  now = 1000;
  stops.request();
  expect(seen).toEqual(["first", "second"]);
  stops.dispose();
  expect(process.listenerCount("SIGHUP")).toBe(0);
});
