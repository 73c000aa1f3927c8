import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HubSettings, hubSettings } from "../../../src/datasets/hub/settings.ts";
import { hubSource } from "../../../src/datasets/sources/hub-source.ts";
import {
  commitOf,
  type Fault,
  gitOid,
  type HubServer,
  type ServedRepo,
  sha256,
  startHub,
  token,
} from "./hub-server.ts";

const name = "data/train.jsonl";
const rowsOf = (answer: string) =>
  Buffer.from(
    Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({
        messages: [
          { role: "user", content: `Q${i}` },
          { role: "assistant", content: `${answer}${i}` },
        ],
      }),
    ).join("\n"),
  );
const file = rowsOf("A");

let hub: HubServer;
let repo: ServedRepo;
let home: string;
let settings: HubSettings;
beforeEach(async () => {
  repo = { files: { [name]: file } };
  hub = await startHub({ "ann/notes": repo });
  home = await mkdtemp(join(tmpdir(), "zebra-lying-hub-"));
  settings = { ...hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: home }), retryDelayMs: 5, timeoutMs: 300 };
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

/** How many rows came, or the error. */
async function read(own: Partial<HubSettings> = {}): Promise<number | string> {
  const reading = {
    name: "notes",
    repo: "ann/notes",
    revision: "main",
    from: "hub:ann/notes",
    title: "",
    description: "",
    task: "qa" as const,
    documents: "ann/notes",
    rows: {},
  };
  try {
    const source = await hubSource(reading, () => {}, { stopped: false }, { ...settings, ...own });
    let rows = 0;
    for await (const _ of source.items(() => {})) rows++;
    return rows;
  } catch (error) {
    return `${(error as Error).name} ${(error as Error).message}`;
  }
}

const pass: Fault = { ignoresRange: true };
const entry = (more: object = {}) => ({
  type: "file",
  path: name,
  size: file.length,
  oid: gitOid(file),
  lfs: { oid: sha256(file), size: file.length, pointerSize: 130 },
  ...more,
});
const list = (entries: object[], headers: Record<string, string> = {}): Fault => ({
  status: 200,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(entries),
});
const blob = () => join(home, "hub", "datasets--ann--notes", "blobs", sha256(file));

describe("what the Hub says of a dataset", () => {
  // It was a TypeError without a word of the Hub, or waited for ever.
  test.each<[string, Fault]>([
    ["cut half-way", { cutAfter: 12 }],
    ["followed by silence", { silentAfter: 12 }],
  ])("%s is asked again", async (_, fault) => {
    hub.apiFaults.push(fault, pass, fault);
    expect(await read()).toBe(40);
    hub.apiFaults.push(...Array.from({ length: 5 }, () => fault));
    expect(await read()).toMatch(
      /^DataError hub ann\/notes: expected an answer from http:\S+, got .* after 5 tries/,
    );
  });

  test.each<[string, object[], RegExp]>([
    [
      "a size too large",
      [entry({ size: 9_999, lfs: { oid: sha256(file), size: 9_999 } })],
      /train\.jsonl: expected 9999 bytes, got 0 and then an answer of \d+ bytes/,
    ],
    [
      "no size",
      [entry({ size: null, lfs: undefined, oid: sha256(file) })],
      /train\.jsonl: expected a size in the list of files, got null/,
    ],
    [
      "a size below nothing",
      [entry({ size: -5, lfs: { oid: sha256(file), size: -5 } })],
      /expected a size in the list of files, got -5/,
    ],
    [
      "a path out of the cache",
      [entry({ path: "../../../data/train.jsonl" })],
      /expected a path inside the dataset, got "\.\.\/\.\.\/\.\.\/data\/train\.jsonl"/,
    ],
    ["a path from the root", [entry({ path: "/data/train.jsonl" })], /expected a path inside the dataset/],
    ["an empty list", [], /expected files of the split train .*, got none among no files/],
    [
      "a file that is not there",
      [entry({ path: "data/train-2.jsonl" })],
      /expected the file that the Hub lists, got 404/,
    ],
  ])("a list with %s", async (_, entries, message) => {
    hub.apiFaults.push(pass, list(entries));
    expect(await read()).toMatch(message);
    expect(existsSync(join(home, "data"))).toBe(false);
  });

  test("a file that is listed twice is read once", async () => {
    hub.apiFaults.push(pass, list([entry(), entry()]));
    expect(await read()).toBe(40);
  });

  test("pages that go round in a circle end", async () => {
    const link = `<${hub.url}/api/datasets/ann/notes/tree/main?cursor=x>; rel="next"`;
    hub.apiFaults.push(pass, ...Array.from({ length: 50 }, () => list([entry()], { link })));
    expect(await read()).toMatch(
      /^DataError hub ann\/notes: expected an end to the list of files, got the page .* again/,
    );
  });

  test("a next page on another server gets no token", async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "application/json" }).end("[]");
    });
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const link = `<http://127.0.0.1:${(other.address() as AddressInfo).port}/tree>; rel="next"`;
    hub.apiFaults.push(pass, list([entry()], { link }));
    const found = await read({ token });
    await new Promise((done) => other.close(done));
    expect(found).toMatch(/^DataError hub ann\/notes: expected pages of http:\S+, got one of http:/);
    expect(seen).toEqual([]);
  });
});

describe("a file that changes meanwhile", () => {
  test("between two tries: no half of each is read, and the next run has the new one", async () => {
    hub.fileFaults.push({ cutAfter: 1_000 });
    const other = rowsOf("B");
    const asked = read();
    while (hub.fileFaults.length > 0) await new Promise((done) => setTimeout(done, 1));
    repo.files[name] = other;
    expect(await asked).toMatch(
      new RegExp(
        `train.jsonl: expected content with the checksum ${sha256(file)}, got ${sha256(other)} twice`,
      ),
    );
    expect(existsSync(blob())).toBe(false);
    expect(await read()).toBe(40);
    const snapshots = await readdir(join(home, "hub", "datasets--ann--notes", "snapshots"));
    expect(snapshots).toContain(commitOf(repo));
  });

  // The part stayed, and every later run failed in the same way.
  test("a part longer than what is there now is begun anew", async () => {
    await mkdir(dirname(blob()), { recursive: true });
    await writeFile(`${blob()}.incomplete`, file.subarray(0, 2_000));
    hub.fileFaults.push({ status: 416 });
    expect(await read()).toBe(40);
  });
});

test.each<[Fault, Partial<HubSettings>, RegExp]>([
  [
    { status: 401 },
    { token },
    /expected access, got 401\. HF_TOKEN is set, but its account may not read this/,
  ],
  [
    { status: 403, headers: { "x-error-code": "GatedRepo" } },
    { token },
    /got 403: the dataset is gated .* Ask for access/,
  ],
  [{ status: 404 }, {}, /expected a dataset that exists, got 404/],
  [{ status: 451 }, {}, /expected an answer, got 451/],
  [{ status: 429, headers: { "retry-after": "soon" } }, {}, /^40$/],
  [{ status: 503, headers: { "retry-after": "0" } }, {}, /^40$/],
])("%j", async (fault, own, message) => {
  hub.apiFaults.push(fault);
  expect(String(await read(own))).toMatch(message);
  expect(String(await read(own))).not.toContain(token);
});
