import { existsSync } from "node:fs";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SourceItem } from "../../../src/datasets/draft.ts";
import { type HubSettings, hubSettings } from "../../../src/datasets/hub/settings.ts";
import { type HubReading, hubSource } from "../../../src/datasets/sources/hub-source.ts";
import {
  commitOf,
  gitOid,
  type HubServer,
  type ServedRepo,
  sha256,
  startHub,
  token,
} from "../hub/hub-server.ts";

const rows = (from: number, n: number) =>
  Array.from({ length: n }, (_, i) =>
    JSON.stringify({
      messages: [
        { role: "user", content: `Q${from + i}` },
        { role: "assistant", content: `A${from + i}` },
      ],
    }),
  ).join("\n");
const card = Buffer.from(
  "---\nlicense: cc-by-4.0\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\n---\n# It\n",
);
const first = Buffer.from(rows(0, 40));
const second = gzipSync(rows(40, 3));

let hub: HubServer;
let repo: ServedRepo;
let home: string;
let settings: HubSettings;

beforeEach(async () => {
  repo = {
    files: {
      "README.md": card,
      "data/train-00000-of-00002.jsonl": first,
      "data/train-00001-of-00002.jsonl.gz": second,
      "data/test-00000-of-00001.jsonl": Buffer.from(rows(90, 2)),
    },
  };
  hub = await startHub({ "ann/notes": repo, "ann/secret": { files: repo.files, gated: true } });
  home = await mkdtemp(join(tmpdir(), "zebra-hub-"));
  settings = { ...hubSettings({ HF_ENDPOINT: hub.url, HF_HOME: home }), retryDelayMs: 5, timeoutMs: 300 };
});
afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

async function read(
  more: Partial<HubReading> = {},
  own: Partial<HubSettings> = {},
  stop = { stopped: false },
) {
  const reading: HubReading = {
    name: "notes",
    repo: "ann/notes",
    revision: "main",
    from: "hub:ann/notes",
    title: "",
    description: "",
    task: "qa",
    rows: {},
    ...more,
  };
  const source = await hubSource(reading, () => {}, stop, { ...settings, ...own });
  const items: SourceItem[] = [];
  for await (const item of source.items(() => {})) items.push(item);
  return { source, items };
}

const folder = () => join(home, "hub", "datasets--ann--notes");
const firstBlob = () => join(folder(), "blobs", sha256(first));
const fileRequests = () =>
  hub.log.filter(({ line }) => line.includes("-00000-of-00002") || line.includes(sha256(first)));

test("a dataset is read at a pinned commit: files by its card, licence, file and row of each example", async () => {
  const { source, items } = await read();
  expect([source.revision, source.license, items.length]).toEqual([commitOf(repo), "cc-by-4.0", 43]);
  expect(items.at(-1)).toMatchObject({
    place: { file: "data/train-00001-of-00002.jsonl.gz", row: 3 },
    draft: { messages: [{ content: "Q42" }, { content: "A42" }], row: 2 },
  });
  expect(source.total).toBe(first.length + second.length);
});

test("the cache is huggingface_hub's: blobs by etag, a linked snapshot, a ref; nothing is loaded twice", async () => {
  await read();
  const commit = commitOf(repo);
  const at = join(folder(), "snapshots", commit, "data", "train-00000-of-00002.jsonl");
  expect(await readlink(at)).toBe(`../../../blobs/${sha256(first)}`);
  expect(await readFile(at)).toEqual(first);
  expect(await readFile(join(folder(), "refs", "main"), "utf8")).toBe(commit);
  expect((await readdir(join(folder(), "blobs"))).sort()).toEqual(
    [sha256(first), gitOid(second), gitOid(card)].sort(),
  );
  const before = fileRequests().length;
  await read();
  expect(fileRequests().length).toBe(before);
});

test("what another program put into the cache is found", async () => {
  await mkdir(dirname(firstBlob()), { recursive: true });
  await writeFile(firstBlob(), first);
  expect((await read()).items.length).toBe(43);
  expect(fileRequests()).toEqual([]);
});

test("offline, the cache alone is read; without it the error says how to fill it", async () => {
  await expect(read({}, { offline: true })).rejects.toThrow(
    /expected main in the cache, since HF_HUB_OFFLINE is set, got nothing/,
  );
  await read();
  const asked = hub.log.length;
  const { source, items } = await read({}, { offline: true });
  expect([source.revision, items.length, hub.log.length]).toEqual([commitOf(repo), 43, asked]);
  await rm(join(folder(), "snapshots", commitOf(repo), "data", "train-00001-of-00002.jsonl.gz"));
  await expect(read({}, { offline: true })).rejects.toThrow(
    /expected 2 files data\/train-\*, got 1 in the cache/,
  );
});

/** So that the next file asked for is the first with rows. */
async function readCardOnly(): Promise<void> {
  await read({ data_files: "README.md", rows: { convert: () => [] } });
}

describe("downloads", () => {
  test("a connection cut half-way is gone on with, not begun again", async () => {
    await readCardOnly();
    hub.fileFaults.push({ cutAfter: 1_000 }, { cutAfter: 700 });
    expect((await read()).items.length).toBe(43);
    const ranges = fileRequests()
      .filter(({ line }) => line.includes(sha256(first)))
      .map(({ range }) => range);
    expect(ranges).toEqual([undefined, "bytes=1000-", "bytes=1700-"]);
  });

  test("silence is a broken connection", async () => {
    hub.fileFaults.push({ status: 503 }, { silentAfter: 20 });
    expect((await read()).items.length).toBe(43);
  });

  test("a part that an earlier run left is gone on with", async () => {
    await mkdir(dirname(firstBlob()), { recursive: true });
    await writeFile(`${firstBlob()}.incomplete`, first.subarray(0, 2_000));
    expect((await read()).items.length).toBe(43);
    expect(fileRequests().at(-1)!.range).toBe("bytes=2000-");
    expect(existsSync(`${firstBlob()}.incomplete`)).toBe(false);
  });

  test("a part with other bytes in it is found out by the checksum, and begun anew once", async () => {
    await mkdir(dirname(firstBlob()), { recursive: true });
    await writeFile(`${firstBlob()}.incomplete`, Buffer.alloc(2_000, 0x78));
    expect((await read()).items.length).toBe(43);
  });

  test("content that is not what the Hub lists is refused", async () => {
    const { "data/train-00000-of-00002.jsonl": listed } = repo.files;
    const choice = { data_files: "data/train-00000*" };
    await readCardOnly();
    hub.fileFaults.push({ damaged: true }, { damaged: true });
    await expect(read(choice)).rejects.toThrow(
      new RegExp(
        `ann/notes data/train-00000-of-00002.jsonl: expected content with the checksum ${sha256(listed!)}, got [0-9a-f]{64} twice`,
      ),
    );
    expect(existsSync(firstBlob())).toBe(false);
  });

  test("a server that never gets further ends the run, the part is kept, the next run goes on", async () => {
    await readCardOnly();
    hub.fileFaults.push({ cutAfter: 600 }, ...Array.from({ length: 4 }, () => ({ cutAfter: 0 })));
    await expect(read({ data_files: "data/train-00000*" })).rejects.toThrow(
      /expected \d+ bytes, got 600 and then .*What came is kept: run again/,
    );
    expect((await readFile(`${firstBlob()}.incomplete`)).length).toBe(600);
    expect((await read()).items.length).toBe(43);
    expect(fileRequests().at(-1)!.range).toBe("bytes=600-");
  });

  test("a server that knows no ranges gives the whole, which is taken from the start", async () => {
    await mkdir(dirname(firstBlob()), { recursive: true });
    await writeFile(`${firstBlob()}.incomplete`, first.subarray(0, 2_000));
    await readCardOnly();
    hub.fileFaults.push({ ignoresRange: true });
    expect((await read()).items.length).toBe(43);
    expect(await readFile(firstBlob())).toEqual(first);
  });

  test("more than the file has is no file: what another version left is loaded again", async () => {
    await mkdir(dirname(firstBlob()), { recursive: true });
    await writeFile(`${firstBlob()}.incomplete`, Buffer.alloc(first.length + 5, 0x78));
    expect((await read()).items.length).toBe(43);
  });

  test.each([
    [
      "a page of HTML",
      {
        status: 200,
        headers: { "content-type": "text/html", "content-length": "20" },
        body: "<html>Sign in</html>",
      },
      "expected 3339 bytes, got 2000 and then an answer of 20 bytes (text/html), 5 times",
    ],
    [
      "one of unknown length",
      { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "<html>Sign in</html>" },
      "and then a page (text/html; charset=utf-8), 5 times",
    ],
    [
      "nothing",
      { status: 200, headers: { "content-length": "0" } },
      "and then an answer of 0 bytes, 5 times",
    ],
    ["a refusal", { status: 403 }, "expected access, got 403"],
    [
      "a file that is gone",
      { status: 404, headers: { "x-error-code": "EntryNotFound" } },
      "expected the file that the Hub lists, got 404",
    ],
  ])(
    "%s in a file's place is told with the file, the part is kept, the same run goes on",
    async (_, fault, said) => {
      await readCardOnly();
      await writeFile(`${firstBlob()}.incomplete`, first.subarray(0, 2_000));
      hub.fileFaults.push(...Array.from({ length: 8 }, () => fault));
      const message = await read().then(
        () => "",
        (error: Error) => error.message,
      );
      expect(message).toMatch(/^hub ann\/notes data\/train-00000-of-00002\.jsonl: expected /);
      expect(message).toContain(said);
      hub.fileFaults.length = 0;
      expect((await read()).items.length).toBe(43);
      expect(fileRequests().at(-1)!.range).toBe("bytes=2000-");
    },
  );

  test("a blob of the wrong size in the cache is loaded again", async () => {
    await read();
    await truncate(firstBlob(), 10);
    expect((await read()).items.length).toBe(43);
  });

  test.skipIf(process.platform !== "linux")("a full disk is told, with what to do", async () => {
    await mkdir(dirname(firstBlob()), { recursive: true });
    await symlink("/dev/full", `${firstBlob()}.incomplete`);
    await expect(read()).rejects.toThrow(
      /expected room for \d+ bytes in .*datasets--ann--notes, got a full disk\. Make room, or set HF_HOME/,
    );
  });

  test("a stop is heard", async () => {
    await expect(read({}, {}, { stopped: true })).rejects.toThrow("stopped on request");
  });
});

describe("answers that are no success", () => {
  test("busy and failing servers are asked again, as they say when", async () => {
    hub.apiFaults.push(
      { status: 429, headers: { "retry-after": "0" } },
      { status: 500 },
      { status: 502 },
      { status: 503 },
    );
    expect((await read()).items.length).toBe(43);
  });

  test.each([
    [{ status: 500 }, /ann\/notes: expected an answer, got 500 after 5 tries from http:.*Run again later/],
    [{ status: 429 }, /got 429 after 5 tries: too many requests\. Wait a while, or set HF_TOKEN/],
  ])("%j for ever is an error in the end", async (fault, message) => {
    hub.apiFaults.push(...Array.from({ length: 5 }, () => fault));
    await expect(read()).rejects.toThrow(message);
    expect(hub.apiFaults).toEqual([]);
  });

  test.each([
    [
      "a page of HTML",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>Sign in</html>" },
    ],
    ["nothing", { status: 200 }],
    ["JSON of something else", { status: 200, body: "[1]" }],
    ["a refusal", { status: 403 }],
  ])("%s in place of what the Hub says of a dataset", async (_, fault) => {
    hub.apiFaults.push(fault);
    const message = await read().then(
      () => "",
      (error: Error) => `${error.name} ${error.message}`,
    );
    expect(message).toMatch(/^DataError hub ann\/notes: expected .*, got /);
  });

  test.each(["3600", new Date(Date.now() + 3_600_000).toUTCString()])(
    "who should come back in an hour is not waited for: %s",
    async (retryAfter) => {
      hub.apiFaults.push({ status: 429, headers: { "retry-after": retryAfter } });
      await expect(read()).rejects.toThrow(/got 429: too many requests/);
    },
  );

  test.each<[Partial<HubReading>, RegExp]>([
    [
      { repo: "ann/nots" },
      /hub ann\/nots: expected a dataset that exists, got 401.*search=nots.*Set HF_TOKEN/,
    ],
    [
      { repo: "ann/secret" },
      /expected access, got 401.*gated.*Ask for access at http:.*\/datasets\/ann\/secret\. Set HF_TOKEN/,
    ],
    [{ revision: "v9" }, /expected a branch, tag or commit, got "v9"/],
    [{ config: "defalt" }, /expected a config that there is, got defalt; did you mean default\?/],
    [{ split: "trian" }, /expected a split that the card has, got trian; did you mean train\?/],
    [
      { data_files: "*.parquet" },
      /expected files for data_files \(\*\.parquet\), got none among README\.md, data\/test/,
    ],
  ])("%j", async (more, message) => {
    await expect(read(more)).rejects.toThrow(message);
  });

  test("no server at all", async () => {
    await hub[Symbol.asyncDispose]();
    await expect(read({}, { attempts: 2 })).rejects.toThrow(
      /got ECONNREFUSED after 2 tries\. Check the network and HF_ENDPOINT/,
    );
    hub = await startHub({});
  });
});

describe("the token", () => {
  test("opens a gated dataset, goes to the Hub and to no one else", async () => {
    const { items } = await read({ repo: "ann/secret" }, { token });
    expect(items.length).toBe(43);
    const [told, untold] = [
      hub.log.filter(({ line }) => !line.includes("X-Amz")),
      hub.log.filter(({ line }) => line.includes("X-Amz")),
    ];
    expect(new Set(told.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${token}`]));
    expect(untold.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test("is in no error, and neither is the storage's signature", async () => {
    const errors: string[] = [];
    const note = (error: unknown) =>
      errors.push(JSON.stringify([String(error), (error as Error).stack, error]));
    await read({ repo: "ann/none" }, { token }).catch(note);
    await read({ revision: "v9" }, { token }).catch(note);
    hub.fileFaults.push(...Array.from({ length: 5 }, () => ({ status: 500 })));
    await read({}, { token }).catch(note);
    await hub[Symbol.asyncDispose]();
    await read({}, { token, attempts: 1 }).catch(note);
    hub = await startHub({});
    expect(errors.length).toBe(4);
    for (const error of errors) expect(error).not.toMatch(/hf_test|secret-signature/);
  });

  test("is read from the environment, else from HF_HOME; what is none is refused unseen", async () => {
    expect(hubSettings({ HF_HOME: home }).token).toBe(undefined);
    await writeFile(join(home, "token"), "hf_fromFile\n");
    expect(hubSettings({ HF_HOME: home }).token).toBe("hf_fromFile");
    expect(hubSettings({ HF_HOME: home, HF_TOKEN: " hf_env " }).token).toBe("hf_env");
    expect(() => hubSettings({ HF_HOME: home, HF_TOKEN: "pass\nword" })).toThrow(
      /^HF_TOKEN: expected a token that begins with hf_, got something else/,
    );
  });
});
