import { EventEmitter } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { expect, test, vi } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import { mountApp } from "../../tui/app.tsx";
import { columnsOf, recorded, upTo } from "./harness.tsx";

/** A stdout that keeps what is written. */
function fakeStdout(options: { isTTY: boolean; columns?: number; rows?: number }) {
  const written: string[] = [];
  return Object.assign(new EventEmitter(), {
    ...options,
    written,
    write(chunk: string, done?: () => void) {
      written.push(chunk);
      done?.();
      return true;
    },
  });
}

/** A stdin that tells what raw mode was set to. */
function fakeStdin(isTTY: boolean) {
  const rawModes: boolean[] = [];
  const pending: string[] = [];
  const stdin = Object.assign(new EventEmitter(), {
    isTTY,
    rawModes,
    setEncoding: () => {},
    ref: () => {},
    unref: () => {},
    pause: () => {},
    resume: () => {},
    read: () => pending.shift() ?? null,
    press(keys: string) {
      pending.push(keys);
      stdin.emit("readable");
    },
    ...(isTTY && { setRawMode: (mode: boolean) => rawModes.push(mode) }),
  });
  return stdin;
}

function mount(
  stdout = fakeStdout({ isTTY: true, columns: 80, rows: 24 }),
  stdin = fakeStdin(true),
  { lingerMs = 0, env = { NO_COLOR: "1", LANG: "C.UTF-8" } as NodeJS.ProcessEnv } = {},
  stderr = fakeStdout({ isTTY: true }),
) {
  const counts = { stops: 0 };
  const app = mountApp({
    title: "quickstart",
    onStop: () => counts.stops++,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    env,
    lingerMs,
  });
  return { app, stdout, stdin, stderr, counts };
}

const stopped: RunEvent = {
  type: "run.end",
  status: "stopped",
  runDir: "/r",
  resumeCommand: "npm run quickstart",
};

/** Frames come at their own pace: waits for one with this text. */
const shows = (stdout: { written: string[] }, what: string) =>
  vi.waitFor(() => expect(text(stdout)).toContain(what), { timeout: 30_000, interval: 20 });

const text = (stdout: { written: string[] }) => stripVTControlCharacters(stdout.written.join(""));

test("a whole run: finished lines once each, the summary last, the terminal given back", async () => {
  const { app, stdout, stdin } = mount();
  for (const event of recorded) app.emit(event);
  await app.finished();
  expect(stdin.rawModes).toEqual([true, false]);
  // The last frame went with the alternate screen; what follows stays.
  const [, left = ""] = stdout.written.join("").split("\u001b[?1049l");
  expect(left.startsWith("\u001b[?25h")).toBe(true);
  const all = stripVTControlCharacters(left);
  expect(all.split("✔ mix      done in 2.9 s:").length).toBe(2);
  expect(all.split("◇ finetune checkpoint of step 160:").length).toBe(2);
  expect(all.split("✔ quickstart: done in 4 min 29 s").length).toBe(2);
  expect(all.trimEnd().endsWith("checkpoint runs/quickstart/train/final")).toBe(true);
  expect(all).not.toContain("q stops");
  expect(
    stripVTControlCharacters(left)
      .split("\n")
      .findIndex((line) => line.includes("! data")),
  ).toBe(0);
  expect(stdout.listenerCount("resize")).toBe(0);
});

test("no frame is wider or as tall as the terminal, through resizes", async () => {
  const { app, stdout } = mount(fakeStdout({ isTTY: true, columns: 100, rows: 40 }));
  for (const event of upTo((event) => event.type === "train.step" && event.step === 100)) app.emit(event);
  for (const [columns, rows] of [
    [60, 15],
    [120, 50],
    [30, 4],
    [80, 24],
  ] as const) {
    stdout.written.length = 0;
    Object.assign(stdout, { columns, rows });
    stdout.emit("resize");
    const lines = text(stdout).replace(/\n$/, "").split("\n");
    // Ink may write a frame twice here: each is whole.
    const frames = stdout.written.map((chunk) => stripVTControlCharacters(chunk).replace(/\n$/, ""));
    for (const frame of frames) expect(frame.split("\n").length).toBeLessThan(rows);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
    expect(lines.join("\n")).toContain(columns < 40 ? " finetune · 41 %" : "step 100 of 240");
  }
  app.emit(stopped);
  await app.finished();
});

test("Ctrl-C asks for a stop each time, q once; the screen says so", async () => {
  const { app, stdout, stdin, counts } = mount();
  for (const event of upTo((event) => event.type === "train.step")) app.emit(event);
  stdin.press("x");
  expect(counts.stops).toBe(0);
  stdin.press("q");
  stdin.press("q");
  expect(counts.stops).toBe(1);
  stdin.press("\u0003");
  stdin.press("\u0003");
  expect(counts.stops).toBe(3);
  await shows(stdout, "stopping after this step, writing a checkpoint…");
  app.emit(stopped);
  await app.finished();
  expect(text(stdout).trimEnd().endsWith("go on with\n   npm run quickstart")).toBe(true);
});

test("a stop asked for by a signal shows too", async () => {
  const { app, stdout, counts } = mount();
  app.emit({ type: "stage.start", stage: "mix" });
  app.stopping();
  await shows(stdout, "stopping after the work in hand…");
  app.emit(stopped);
  await app.finished();
  expect(counts.stops).toBe(0);
});

test("a piped stdin is left alone, and the screen does not promise keys", async () => {
  const { app, stdout, stdin } = mount(undefined, fakeStdin(false));
  expect(text(stdout)).toContain(" Ctrl-C stops cleanly");
  expect(text(stdout)).not.toContain("q stops");
  app.emit(stopped);
  await app.finished();
  expect(stdin.rawModes).toEqual([]);
});

test("a piped stdout gets the finished lines and the summary, without control codes", async () => {
  const { app, stdout } = mount(fakeStdout({ isTTY: false }), fakeStdin(false));
  for (const event of recorded) app.emit(event);
  await app.finished();
  const all = stdout.written.join("");
  expect(all).toBe(stripVTControlCharacters(all));
  const lines = all.split("\n").filter((line) => line !== "");
  expect(lines[0]?.startsWith(" ! data     data/notes.jsonl: 3 of 48 rows")).toBe(true);
  expect(all).toContain("✔ quickstart: done in 4 min 29 s");
});

test("keys go through the views, and scroll what is longer than the screen", async () => {
  const { app, stdout, stdin } = mount();
  const last = recorded.filter(({ type }) => type === "eval.result").at(-1);
  for (const event of upTo((event) => event === last)) app.emit(event);
  stdin.press("?");
  await shows(stdout, "[help]");
  stdin.press("?");
  const tab = async (name: string) => {
    stdin.press("\t");
    await shows(stdout, `[${name}]`);
  };
  await tab("loss");
  await tab("board");
  await tab("results");
  await shows(stdout, "↓ 9 more");
  stdin.press("\u001b[6~");
  await shows(stdout, "↑ 9 more");
  stdin.press("\u001b[A");
  await shows(stdout, "↑ 8 more  ↓ 1 more");
  await tab("samples");
  await shows(stdout, "passkey · sample 17 of 17");
  stdin.press("\u001b[D");
  await shows(stdout, "sample 16 of 17");
  await tab("rows");
  await tab("log");
  stdout.written.length = 0;
  stdin.press("\t");
  await shows(stdout, "✔ finetune");
  app.emit(stopped);
  await app.finished();
});

test("a run that is done stays to be looked through until a key leaves it", async () => {
  const { app, stdout, stdin, counts } = mount(undefined, undefined, { lingerMs: 600_000 });
  for (const event of recorded) app.emit(event);
  await shows(stdout, "[verdict]");
  await shows(stdout, "leaves in 600 s");
  stdout.written.length = 0;
  stdin.press("\t");
  await shows(stdout, "[loss]");
  expect(text(stdout)).not.toContain("leaves in");
  stdin.press("q");
  await app.finished();
  expect(counts.stops).toBe(0);
});

test("it leaves by itself where no key is pressed", async () => {
  const { app, stdout } = mount(undefined, undefined, { lingerMs: 300 });
  for (const event of recorded) app.emit(event);
  await app.finished();
  expect(text(stdout)).toContain("[verdict]");
});

test("without UTF-8 nothing but ASCII is written", async () => {
  const { app, stdout } = mount(undefined, undefined, { env: { NO_COLOR: "1", LC_ALL: "C" } });
  for (const event of recorded) app.emit(event);
  await app.finished();
  expect(stdout.written.join("")).toMatch(/^[\x00-\x7f]*$/);
  expect(text(stdout)).toContain("+ quickstart: done in 4 min 29 s");
});

test("the frame begins in the first row of the alternate screen", async () => {
  const { app, stdout } = mount();
  expect(stdout.written.join("")).toContain("\u001b[?1049h\u001b[H");
  app.emit(stopped);
  await app.finished();
});

test("what else is written while the screen is up comes after it, in order", async () => {
  const { app, stdout, stderr } = mount();
  app.emit({ type: "stage.start", stage: "mix" });
  stdout.write("from a library\n");
  stderr.write("an error of a library\n");
  process.emitWarning("soon gone", "DeprecationWarning");
  await shows(stdout, "starting mix");
  expect(text(stdout)).not.toContain("from a library");
  expect(stderr.written).toEqual([]);
  app.emit(stopped);
  await app.finished();
  const [, left = ""] = stdout.written.join("").split("\u001b[?1049l");
  expect(left.endsWith("from a library\n")).toBe(true);
  expect(stderr.written).toEqual(["an error of a library\n", "(node) DeprecationWarning: soon gone\n"]);
  stderr.write("later\n");
  expect(stderr.written.at(-1)).toBe("later\n");
});

test("a process that ends in the middle gives the terminal back and tells what was warned of", async () => {
  const { app, stdout, stderr } = mount();
  app.emit({ type: "warning", stage: "data", message: "3 rows are cut" });
  stderr.write("an error of a library\n");
  const listeners = process.listeners("uncaughtExceptionMonitor");
  listeners.at(-1)!(new Error("boom"), "uncaughtException");
  const [, left = ""] = stdout.written.join("").split("\u001b[?1049l");
  expect(left).toContain("3 rows are cut");
  expect(stderr.written).toEqual(["an error of a library\n"]);
  await app.finished();
  // Told once, however the run then ends.
  const after = stdout.written.join("").split("\u001b[?1049l").slice(1).join("");
  expect(after.split("3 rows are cut").length).toBe(2);
  expect(process.listeners("uncaughtExceptionMonitor").length).toBe(listeners.length - 1);
});
