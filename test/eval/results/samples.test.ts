import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSamples, readSamples, type SampleLine, samplesPath } from "../../../src/eval/results/samples.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-samples-"));
});
afterAll(() => rm(root, { recursive: true }));

function line(id: string): SampleLine {
  return {
    id,
    shortened: false,
    inputHash: "h",
    scores: [],
    promptTail: "",
    target: "",
    prediction: id,
    tokens: 1,
  };
}

it("goes on after a line cut at any byte", async () => {
  const log = await openSamples(root, "m", "b", "key");
  await log.add(line("one"));
  await log.add(line("two"));
  const path = samplesPath(root, "m", "b");
  const whole = await readFile(path, "utf8");
  const second = whole.indexOf('{"id":"two"');
  for (let end = second; end < whole.length - 1; end += 7) {
    await writeFile(path, whole.slice(0, end));
    const again = await openSamples(root, "m", "b", "key");
    expect([...again.done.keys()]).toEqual(["one"]);
    await again.add(line("three"));
    expect((await readSamples(path)).lines.map(({ id }) => id)).toEqual(["one", "three"]);
  }
});

it("asks again what has failed, and everything under another key", async () => {
  const log = await openSamples(root, "m", "c", "key");
  await log.add({ id: "bad", shortened: false, inputHash: "h", error: "no" });
  await log.add(line("good"));
  expect([...(await openSamples(root, "m", "c", "key")).done.keys()]).toEqual(["good"]);
  expect([...(await openSamples(root, "m", "c", "other")).done.keys()]).toEqual([]);
});

it("stays inside its folder whatever a model is called", () => {
  expect(() => samplesPath(root, "../../up", "b")).toThrow(expect.objectContaining({ code: "E_PATH" }));
});
