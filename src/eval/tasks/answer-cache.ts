import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../files.ts";
import { sha256Of } from "../../recipe/hash.ts";

/**
 * Answers that were given before, in a folder that may be shared: one file for each respondent, a line for
 * each answer. A line's key covers who answered, the task with its version and everything that was asked.
 */
export interface AnswerCache extends AsyncDisposable {
  /** Answers found so far. */
  hits: number;
  get<A>(key: string): A | undefined;
  /** Resolves when the line is in the file. */
  put(key: string, answer: unknown): Promise<void>;
}

/** The key of one answer. */
export function answerKey(identity: string, task: string, version: unknown, request: object): string {
  return sha256Of({ identity, task, version: version ?? null, request });
}

/** Opens the answers of one respondent. A line that a crash left incomplete is taken out. */
export async function openAnswerCache(dir: string, identity: string): Promise<AnswerCache> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${identity.slice(0, 32)}.jsonl`);
  const { answers, isWhole } = await readAnswers(path);
  if (!isWhole) await writeFileAtomic(path, [...answers].map(([key, one]) => lineOf(key, one)).join(""));
  const file: FileHandle = await open(path, "a");
  // Appends wait for each other: lines must not mix.
  let last = Promise.resolve();
  const cache: AnswerCache = {
    hits: 0,
    get<A>(key: string) {
      const found = answers.get(key);
      if (found !== undefined) cache.hits++;
      return found as A | undefined;
    },
    put(key, answer) {
      answers.set(key, answer);
      last = last.then(() => file.appendFile(lineOf(key, answer)));
      return last;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
  return cache;
}

const lineOf = (key: string, answer: unknown): string => `${JSON.stringify({ key, answer })}\n`;

async function readAnswers(path: string): Promise<{ answers: Map<string, unknown>; isWhole: boolean }> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const answers = new Map<string, unknown>();
  let isWhole = text === "" || text.endsWith("\n");
  for (const line of text.split("\n")) {
    if (line === "") continue;
    try {
      const { key, answer } = JSON.parse(line) as { key: string; answer: unknown };
      answers.set(key, answer);
    } catch {
      isWhole = false;
    }
  }
  return { answers, isWhole };
}
