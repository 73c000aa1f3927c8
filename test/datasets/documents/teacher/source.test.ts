import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { RunEvent } from "../../../../src/contracts/events.ts";
import type { Example, LedgerRow } from "../../../../src/contracts/example.ts";
import { readDataManifest, readExamples } from "../../../../src/datasets/folder/data-folder.ts";
import { runDataStage } from "../../../../src/datasets/stage/stage.ts";
import { sqlLiteral, streamRows } from "../../../../src/tables/duckdb.ts";
import { ended, startZebra } from "../../../cli/spawn.ts";
import { startTeacher, type TeacherServer } from "./teacher-server.ts";

const key = "sk-aKeyThatMustNeverBeSeen";
const documents = 8;
let root: string;
let runs = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-teacher-"));
  await mkdir(join(root, "texts"));
  for (let i = 0; i < documents; i++) await writeFile(join(root, "texts", `${i}.txt`), textOf(i));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(root, { recursive: true }));

function textOf(i: number): string {
  const facts = Array.from(
    { length: 4 },
    (_, n) => `The mill of village ${i} ground ${i}${n}7 sacks in month ${n}.`,
  );
  return `The mills of the valley stood by the river.\n\n${facts.join(" ")}\n\nThat is all there is to say of them.`;
}

interface Made {
  runDir: string;
  examples: Example[];
  ledger: LedgerRow[];
  events: RunEvent[];
}

/** Runs the data stage with a teacher; `cache` names the cache folder, a new one by default. */
async function run(
  server: TeacherServer,
  options: Record<string, unknown> = {},
  { cache = `cache${runs}`, more = {}, stop = { stopped: false } } = {},
): Promise<Made> {
  vi.stubEnv("XDG_CACHE_HOME", join(root, cache));
  vi.stubEnv("TEACHER_KEY", key);
  const runDir = join(root, `run${runs++}`);
  const common = { model: "tiny", api_key_env: "TEACHER_KEY", retry_delay_seconds: 0.01 };
  const build = { name: "teacher", options: { endpoint: server.endpoint, ...common, ...options } };
  const dataset = {
    name: "d",
    path: join(root, "texts"),
    format: "text" as const,
    license: "CC0-1.0",
    build,
    ...more,
  };
  const events: RunEvent[] = [];
  const ctx = { runDir, emit: (event: RunEvent) => void events.push(event), stop };
  await runDataStage(ctx, { data: { datasets: [dataset], split: { validation: 0, test: 0 } }, seed: runs });
  const examples: Example[] = [];
  for await (const example of readExamples(join(runDir, "data"))) examples.push(example);
  const ledger: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(runDir, "data", "ledger.parquet"))})`;
  for await (const row of streamRows(sql)) ledger.push(row as unknown as LedgerRow);
  return { runDir, examples, ledger, events };
}

const fates = ({ ledger }: Made) => {
  const counts: Record<string, number> = {};
  for (const { fate, reason } of ledger) counts[reason || fate] = (counts[reason || fate] ?? 0) + 1;
  return counts;
};
const summaryOf = ({ events }: Made) => events.find((event) => event.type === "stage.end")?.summary;
const item = (fields: object) => ({ content: JSON.stringify({ items: [fields] }) });

describe("what a teacher writes", () => {
  test("questions with answers and evidence that stand in the document", async () => {
    await using server = await startTeacher();
    const made = await run(server, { per_document: 2 });
    expect(fates(made)).toEqual({ kept: 2 * documents });
    for (const { messages, meta, context, task } of made.examples) {
      expect(task).toBe("qa");
      const [prompt = "", answer = ""] = messages.map(({ content }) => content);
      const [evidence] = meta.evidence as { start: number; end: number }[];
      const passage = prompt.slice(evidence!.start, evidence!.end);
      expect(passage).toMatch(/^The mill of village \d ground \d+ sacks in month \d$/);
      expect(passage).toContain(answer);
      expect(context!.every(({ start, end }) => end <= evidence!.start || start >= evidence!.end)).toBe(true);
    }
    expect(made.examples[0]!.id).toBe("d/0.txt/teacher-qa-0");
    expect(server.log.every(({ authorization }) => authorization === `Bearer ${key}`)).toBe(true);
  });

  test("summaries, and instructions that the document answers", async () => {
    await using server = await startTeacher(() =>
      JSON.stringify({ items: [{ summary: "Mills by the river, 017 sacks." }] }),
    );
    const summaries = await run(server, { task: "summarization" });
    // Only document 0 has this number.
    expect(fates(summaries)).toEqual({ kept: 1, teacher_ungrounded: documents - 1 });
    expect(summaries.ledger.find(({ reason }) => reason !== "")?.detail).toBe(
      "the document does not have the numbers 017",
    );
    expect(summaries.examples[0]!.messages[1]!.content).toBe("Mills by the river, 017 sacks.");

    server.answer = () =>
      JSON.stringify({ items: [{ instruction: "Write a note on the mills of a valley." }] });
    const writing = await run(server, { task: "writing", documents: 3 });
    expect(fates(writing)).toEqual({ kept: 3, limit: documents - 3 });
    expect(writing.examples[0]!.messages).toEqual([
      { role: "user", content: "Write a note on the mills of a valley." },
      { role: "assistant", content: textOf(Number(/(\d)\.txt/.exec(writing.examples[0]!.id)![1])) },
    ]);
  });

  test("a document that is too long is cut between sentences, and the ledger says so", async () => {
    await using server = await startTeacher();
    const made = await run(server, { max_document_chars: 200 });
    expect(fates(made)).toEqual({ document_head: documents });
    expect(server.log.every(({ document }) => document.length <= 200 && document.endsWith("."))).toBe(true);
  });
});

describe("replies that are not taken", () => {
  // The one document that is taken evenly of all is the last.
  const quote = "The mill of village 7 ground 717 sacks in month 1.";
  test.each([
    ["teacher_invalid", "expected JSON", { content: "Sure! Here are some questions" }],
    ["teacher_invalid", 'expected {"items"', { content: '{"question": "Why?"}' }],
    ["teacher_invalid", "item 1: expected another form", item({ question: "How many?", answer: 17, quote })],
    ["teacher_invalid", "is empty", item({ question: " ", answer: "717", quote })],
    ["teacher_invalid", "was cut at 100 tokens", { content: '{"items": [{"questi', finishReason: "length" }],
    ["teacher_invalid", "expected 1 items, got 0", { content: '{"items": []}' }],
    [
      "teacher_ungrounded",
      "does not have the quote",
      item({ question: "How many?", answer: "99", quote: "It ground 99." }),
    ],
    ["teacher_ungrounded", "is not in its quote", item({ question: "How many?", answer: "17", quote })],
    [
      "teacher_failed",
      "got 400 (context too long for …)",
      { status: 400, body: `{"error":{"message":"context too long for ${key}"}}` },
    ],
  ])("%s: %s", async (reason, told, fault) => {
    await using server = await startTeacher();
    server.faults.push(fault);
    const made = await run(server, { documents: 1, concurrency: 1 });
    expect(fates(made)).toEqual({ [reason]: 1, limit: documents - 1 });
    expect(made.ledger.find((row) => row.reason === reason)?.detail).toContain(told);
    expect(server.log).toHaveLength(1);
  });

  test("thoughts, fences, white space and typographic quotes are no reason", async () => {
    await using server = await startTeacher();
    const good = {
      question: "How many?",
      answer: "717 Sacks",
      quote: "the mill of village 7\nground 717  sacks",
      id: 3,
    };
    server.faults.push({
      content: `<think>{"items": []}</think>\n\`\`\`json\n${JSON.stringify({ items: [good] })}\n\`\`\``,
    });
    expect(fates(await run(server, { documents: 1 }))).toEqual({ kept: 1, limit: documents - 1 });
  });

  test("one of several may go while the others stay; what is missing or repeated is counted", async () => {
    await using server = await startTeacher();
    const good = { question: "How many?", answer: "717", quote };
    const items = [good, { ...good, question: "how  MANY?" }, { ...good, question: "How?", answer: "718" }];
    server.faults.push({ content: JSON.stringify({ items }) });
    const made = await run(server, { documents: 1, per_document: 4 });
    expect(fates(made)).toEqual({ kept: 1, teacher_invalid: 2, teacher_ungrounded: 1, limit: documents - 1 });
  });
});

describe("servers that fail", () => {
  test("errors, silence, cut connections and broken bodies are asked again", async () => {
    await using server = await startTeacher();
    server.faults.push(
      { status: 500 },
      { status: 503, body: "<html>" },
      "hang",
      "cut",
      { body: "{}" },
      { status: 429 },
    );
    const made = await run(server, { concurrency: 1, timeout_seconds: 0.3, max_retries: 6 });
    expect(fates(made)).toEqual({ kept: documents });
    expect(server.log).toHaveLength(documents + 6);
    expect(summaryOf(made)).toMatchObject({ teacher_asked: documents, teacher_retries: 6 });
  });

  test("Retry-After holds all requests back", async () => {
    await using server = await startTeacher();
    server.faults.push({ status: 429, headers: { "retry-after": "1" } });
    expect(fates(await run(server, { concurrency: 1 }))).toEqual({ kept: documents });
    // Less a little: timers may be early by the rounding of a clock.
    expect(server.log[1]!.atMs - server.log[0]!.atMs).toBeGreaterThan(950);
  });

  test("after max_retries the document is given up and the next one asked", async () => {
    await using server = await startTeacher();
    server.faults.push({ status: 500 }, { status: 502 }, { status: 500 });
    const made = await run(server, { concurrency: 1, max_retries: 2 });
    expect(fates(made)).toEqual({ kept: documents - 1, teacher_failed: 1 });
    expect(made.ledger.find(({ reason }) => reason === "teacher_failed")).toMatchObject({
      id: "d/0.txt",
      detail: "expected a reply, got 500 after 3 tries",
    });
    expect(made.events.filter(({ type }) => type === "warning")).toMatchObject([
      { message: expect.stringContaining("1 of the documents got no reply") },
    ]);
  });

  test("a key that is not taken stops the run at once, without showing it", async () => {
    await using server = await startTeacher();
    server.faults.push({ status: 401, body: `{"error":{"message":"Incorrect API key provided: ${key}"}}` });
    const failed = await run(server, { concurrency: 1 }).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: "E_DATA" });
    expect(String(failed)).toContain("got 401. Check endpoint, model and the key in TEACHER_KEY");
    expect(String(failed)).not.toContain(key);
    expect(server.log).toHaveLength(1);
  });
});

describe("order, concurrency and the cache", () => {
  test("as many at a time as asked, outputs in the order of the documents, and no request the second time", async () => {
    await using server = await startTeacher();
    server.delayMs = (n) => (n % 3 === 0 ? 60 : 5);
    const first = await run(server, { concurrency: 3 }, { cache: "shared" });
    expect(server.most).toBe(3);
    expect(server.log).toHaveLength(documents);
    expect(first.examples.map(({ id }) => id)).toEqual(
      Array.from({ length: documents }, (_, i) => `d/${i}.txt/teacher-qa-0`),
    );
    // Another seed of the recipe, another concurrency, and a server that would give other answers.
    server.answer = () => "{}";
    const second = await run(server, { concurrency: 1 }, { cache: "shared" });
    expect(server.log).toHaveLength(documents);
    expect(second.examples).toEqual(first.examples);
    expect(summaryOf(second)).toMatchObject({ teacher_asked: 0, teacher_from_cache: documents });
    const [a, b] = [first, second].map(({ runDir }) => readDataManifest(join(runDir, "data")));
    expect(b).toEqual(a);
    // Another model is another request.
    await run(server, { model: "other" }, { cache: "shared" });
    expect(server.log).toHaveLength(2 * documents);
  });

  test("tokens and cost are counted, and max_cost stops before it is passed and again after", async () => {
    await using server = await startTeacher();
    const price = { price_per_million_tokens: { input: 2, output: 10 } };
    const made = await run(server, price);
    const cost = (documents * (1000 * 2 + 100 * 10)) / 1e6;
    expect(readDataManifest(join(made.runDir, "data")).datasets[0]!.teacher).toEqual({
      endpoint: server.endpoint,
      model: "tiny",
      replies: documents,
      input_tokens: 1000 * documents,
      output_tokens: 100 * documents,
      without_usage: 0,
      cost,
    });
    expect(summaryOf(made)).toMatchObject({ teacher_cost: cost, teacher_cost_now: cost });

    server.log.length = 0;
    const little = { ...price, concurrency: 1, max_tokens: 100, max_cost: 0.01 };
    const stopped = await run(server, little, { cache: "little" }).catch((error: Error) => error);
    expect(String(stopped)).toContain(
      "max_cost: expected the replies to cost no more than 0.01, got 0.009 so far",
    );
    // 0.003 each, and the next one's estimate is more than the 0.001 that is left.
    expect(server.log).toHaveLength(3);
    await expect(run(server, little, { cache: "little" })).rejects.toMatchObject({ code: "E_DATA" });
    expect(server.log).toHaveLength(3);
    expect(fates(await run(server, { ...little, max_cost: 1 }, { cache: "little" }))).toEqual({
      kept: documents,
    });
    expect(server.log).toHaveLength(documents);
  });

  test("a stop lets what is under way finish into the cache", async () => {
    await using server = await startTeacher();
    const stop = { stopped: false };
    server.delayMs = () => {
      stop.stopped = true;
      return 50;
    };
    await expect(run(server, { concurrency: 2 }, { cache: "stopped", stop })).rejects.toThrow(
      "stopped on request",
    );
    const begun = server.log.length;
    expect(begun).toBeLessThanOrEqual(2);
    await run(server, {}, { cache: "stopped" });
    expect(server.log).toHaveLength(documents);
  });

  test("a damaged cache file is told and asked for again", async () => {
    await using server = await startTeacher();
    await run(server, {}, { cache: "damaged" });
    const [path = ""] = await filesIn(join(root, "damaged"));
    await writeFile(path, '{"content":');
    const made = await run(server, {}, { cache: "damaged" });
    expect(server.log).toHaveLength(documents + 1);
    expect(made.events.filter(({ type }) => type === "warning")).toMatchObject([
      { message: `${path}: expected a cached reply, got something else; it is asked for again` },
    ]);
  });

  test("the key is in no file and no event", async () => {
    await using server = await startTeacher();
    const made = await run(server, {}, { cache: "keyless" });
    const files = [...(await filesIn(made.runDir)), ...(await filesIn(join(root, "keyless")))];
    expect(files.length).toBeGreaterThan(documents);
    const contents = await Promise.all(files.map((path) => readFile(path, "latin1")));
    expect(`${contents.join("\n")}${JSON.stringify(made.events)}`).not.toContain(key);
  });

  test("the same command after kill -9 goes on and pays for nothing twice", async () => {
    await using server = await startTeacher();
    server.delayMs = (n) => (n < 3 ? 0 : 60_000);
    const out = join(root, "killed");
    const recipe = join(root, "killed.yaml");
    const build = `{ name: teacher, options: { endpoint: "${server.endpoint}", model: tiny, concurrency: 1 } }`;
    await writeFile(
      recipe,
      `name: killed\noutput_dir: ${out}\nmodel: { checkpoint: checkpoints/zebra-nano-lcat }\ndata:\n  datasets:\n    - { name: d, path: ${join(root, "texts")}, format: text, license: CC0-1.0, build: ${build} }\n`,
    );
    const env = { XDG_CACHE_HOME: join(root, "killed-cache"), OPENAI_API_KEY: key };
    const child = startZebra(["data", recipe, "--json"], env);
    const end = ended(child);
    await vi.waitFor(() => expect(server.log).toHaveLength(4), { timeout: 30_000, interval: 20 });
    child.kill("SIGKILL");
    await end;
    server.delayMs = () => 0;
    const again = await ended(startZebra(["data", recipe, "--json"], env));
    expect(again).toMatchObject({ code: 0 });
    expect(`${again.stdout}${again.stderr}`).not.toContain(key);
    // The fourth was under way when the process died; no other was asked twice.
    expect(server.log).toHaveLength(documents + 1);
    expect(new Set(server.log.map(({ document }) => document)).size).toBe(documents);
    expect(readDataManifest(join(out, "data")).datasets[0]).toMatchObject({ examples: documents });
  });
});

describe("recipes that are refused", () => {
  test.each([
    ["endpoint: expected https, or http on this machine", { endpoint: "http://example.com/v1" }, {}],
    ["endpoint: expected no user, password, query", { endpoint: `https://${key}@example.com/v1` }, {}],
    ["api_key_env: expected the name of an environment variable", { api_key_env: key }, {}],
    [
      "api_key_env: expected a key for example.com",
      { endpoint: "https://example.com/v1", api_key_env: "NONE" },
      {},
    ],
    ["model: expected the name of a model", { model: "" }, {}],
    ["request.messages: expected a field that a teacher does not set", { request: { messages: [] } }, {}],
    ["max_cost: expected price_per_million_tokens beside it", { max_cost: 1 }, {}],
    ["task: expected one of qa, summarization, writing", { task: "poem" }, {}],
    ["limit: expected no limit, which would drop what is paid for", {}, { limit: 3 }],
  ])("%s", async (told, options, more) => {
    await using server = await startTeacher();
    const failed = await run(server, options, { more }).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: "E_CONFIG" });
    expect(String(failed)).toContain(told);
    expect(String(failed)).not.toContain(key);
    expect(server.log).toHaveLength(0);
  });
});

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
