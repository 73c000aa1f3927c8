import { EventEmitter } from "node:events";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openBook } from "../../../src/eval/browse/book.ts";
import { mountBrowser } from "../../../tui/browser/mount-browser.tsx";
import { columnsOf } from "../harness.tsx";

let dir: string;
let log: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "zebra-browser-"));
  await mkdir(join(dir, "eval/samples/m"), { recursive: true });
  log = join(dir, "eval/samples/m/long-qa.jsonl");
});
afterAll(() => rm(dir, { recursive: true }));

const line = (id: string, prediction: string) =>
  `${JSON.stringify({
    ...{
      id,
      shortened: false,
      inputHash: "",
      prompt: { text: `Who is ${id}?` },
      promptTail: `Who is ${id}?`,
    },
    ...{ target: "a whale", prediction, tokens: 9, scores: [{ slice: "", metric: "f1", sum: 0, weight: 1 }] },
  })}\n`;

function terminal(columns: number, rows: number) {
  const written: string[] = [];
  const write = (chunk: string, done?: () => void) => {
    written.push(chunk);
    done?.();
    return true;
  };
  return Object.assign(new EventEmitter(), { isTTY: true, columns, rows, written, write });
}

function keyboard() {
  const pending: string[] = [];
  const none = () => {};
  const stdin = Object.assign(new EventEmitter(), {
    ...{
      isTTY: true,
      setEncoding: none,
      ref: none,
      unref: none,
      pause: none,
      resume: none,
      setRawMode: none,
    },
    read: () => pending.shift() ?? null,
    press(keys: string) {
      pending.push(keys);
      stdin.emit("readable");
    },
  });
  return stdin;
}

test("new answers come by themselves; keys open, search and leave; resizes fit", async () => {
  await writeFile(log, `{"key":"k"}\n${line("Ahab", "a captain")}`);
  const [stdout, stdin] = [terminal(80, 24), keyboard()];
  const browser = mountBrowser({
    ...{ book: await openBook(dir), title: "runs/q", refreshMs: 20, env: { NO_COLOR: "1", LANG: "C.UTF-8" } },
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: terminal(80, 24) as unknown as NodeJS.WriteStream,
  });
  const text = () => stripVTControlCharacters(stdout.written.join(""));
  const shows = (what: string) => vi.waitFor(() => expect(text()).toContain(what), { timeout: 30_000 });
  await shows("▸ 0");
  await appendFile(log, line("Moby Dick", "a fish"));
  await shows("2 samples");
  stdin.press("\r");
  await shows("a captain");
  stdin.press("\u001b[C");
  await shows("a fish");
  // All at once, as over a slow line.
  stdin.press("/ahab\r");
  await shows("1 of 2 samples · [all] · “ahab”");
  stdout.written.length = 0;
  Object.assign(stdout, { columns: 60, rows: 20 });
  stdout.emit("resize");
  await shows("“ahab”");
  expect(Math.max(...text().split("\n").map(columnsOf))).toBeLessThanOrEqual(60);
  stdin.press("q");
  await browser.finished();
  expect(stdout.written.join("")).toContain("\u001b[?1049l");
  expect(stdout.listenerCount("resize")).toBe(0);
});
