import { expect, test } from "vitest";
import { createStore } from "../../../tui/state/store.ts";
import { recorded } from "../harness.tsx";

function setUp() {
  const flushes: (() => void)[] = [];
  const clock = { nowMs: 1000, heard: 0 };
  const store = createStore({
    initial: { title: "t", runDir: "", device: "", command: "zebra", work: null, cwd: "" },
    nowMs: () => clock.nowMs,
    memoryBytes: () => 77,
    schedule: (flush) => flushes.push(flush),
  });
  const unsubscribe = store.subscribe(() => clock.heard++);
  return { store, flushes, clock, unsubscribe };
}

test("many events are heard of once a batch, and are all in the state", () => {
  const { store, flushes, clock } = setUp();
  for (const event of recorded.slice(0, 100)) store.emit(event);
  expect([flushes.length, clock.heard]).toEqual([1, 0]);
  expect(store.getState().ledgers.size).toBeGreaterThan(0);
  flushes[0]?.();
  expect(clock.heard).toBe(1);
  store.emit(recorded[100]!);
  expect(flushes.length).toBe(2);
});

test("the end of the run and a wish to stop are heard of at once", () => {
  const { store, flushes, clock } = setUp();
  store.requestStop();
  expect([clock.heard, store.getState().stopping]).toEqual([1, true]);
  store.emit({ type: "stage.start", stage: "data" });
  store.emit({ type: "run.end", status: "failed", code: "E", message: "m" });
  expect(clock.heard).toBe(2);
  flushes[0]?.();
  expect(clock.heard).toBe(2);
});

test("a tick brings clock and memory; who has left hears nothing", () => {
  const { store, flushes, clock, unsubscribe } = setUp();
  clock.nowMs = 5000;
  store.tick();
  expect([store.getState().nowMs, store.getState().memoryBytes]).toEqual([5000, 77]);
  unsubscribe();
  flushes[0]?.();
  expect(clock.heard).toBe(0);
});
