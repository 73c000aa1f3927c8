import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline/promises";
import { ZebraError } from "../../errors.ts";
import { shippedNames, shippedOrLocal } from "../../package-root.ts";
import { cleanText } from "../../quote.ts";
import { UsageError } from "../exit.ts";
import { refuseNoModel } from "../options/given-model.ts";
import { type Goal, goals, type InitTask, tasks, type Wish } from "./goal.ts";
import { readableFiles } from "./look.ts";

/** What the command line says; the rest is asked, or taken as it most often is. */
export type Given = Partial<Omit<Wish, "file">> & Pick<Wish, "file">;

/** What is taken where nothing is said. */
export const usual = { base: shippedNames("checkpoint")[0] ?? "", tasks } as const;

/** Where the user reads and writes: a terminal. */
export interface Streams {
  stdin: NodeJS.ReadableStream;
  stdout: NodeJS.WritableStream;
}

/** The user left the questions with Ctrl-C or Ctrl-D, or their input ended. */
export class LeftQuestions extends Error {}

/**
 * Asks for what the command line does not say, with the usual answer in brackets, each question until its
 * answer can be used. Throws LeftQuestions.
 */
export async function ask(given: Given, { stdin, stdout }: Streams = process): Promise<Given> {
  const terminal = createInterface({ input: stdin, output: stdout, terminal: true });
  const left = leaving(terminal);
  /** `read` makes of an answer what it stands for, and throws what is wrong with it. */
  async function question<T>(text: string, preset: string, read: (answer: string) => T | Promise<T>) {
    const shown = `${text}${preset === "" ? "" : ` [${preset}]`}: `;
    for (;;) {
      const answer = (await Promise.race([terminal.question(shown), left])).trim() || preset;
      try {
        return await read(answer);
      } catch (error) {
        if (!(error instanceof ZebraError)) throw error;
        stdout.write(`  ${cleanText(error.message)}\n`);
      }
    }
  }
  try {
    const goal = given.goal ?? (await question(goalQuestion, "documents", goalNamed));
    const data = given.data ?? (await question(dataQuestion[goal], "", (line) => dataNamed(goal, line)));
    const isWritten = goal === "hub" || goal === "chat";
    const asked =
      given.tasks ?? (isWritten ? undefined : await question(taskQuestion, tasks.join(","), tasksNamed));
    const base =
      given.base ?? (await question("Model to start from (a folder, or a name)", usual.base, baseNamed));
    return { ...given, goal, data, base, ...(asked && { tasks: asked }) };
  } finally {
    terminal.close();
  }
}

/** Never fulfilled; rejected when the user leaves. Nodes differ in what a question that is open does then. */
function leaving(terminal: Interface): Promise<never> {
  const left = new Promise<never>((_, reject) => {
    terminal.once("close", () => reject(new LeftQuestions()));
  });
  // When all is asked, the questions are closed, and nobody waits for this.
  left.catch(() => {});
  return left;
}

const goalQuestion = `What is it for?
${Object.entries(goals)
  .map(([name, what], i) => `  ${i + 1} ${name.padEnd(10)} ${what}`)
  .join("\n")}
Number or name`;

const dataQuestion: Record<Goal, string> = {
  documents: "Files or folders with the documents (Markdown, text, HTML, PDF)",
  chat: "Files or folders with the conversations (JSONL, JSON, CSV, Parquet)",
  hub: "Dataset of the Hub (owner/name)",
  lcat: "Files or folders with the documents (Markdown, text, HTML, PDF)",
};

const taskQuestion = "What is it to do with them";

function goalNamed(text: string): Goal {
  const name = Object.keys(goals)[Number(text) - 1] ?? text;
  if (Object.hasOwn(goals, name)) return name as Goal;
  const known = Object.keys(goals).join(", ");
  throw new UsageError(`expected a number or one of ${known}, got ${JSON.stringify(text)}`);
}

async function dataNamed(goal: Goal, line: string): Promise<string[]> {
  const data = wordsOf(line);
  if (data.length === 0) throw new UsageError("expected at least one, got nothing");
  for (const one of data) {
    if (goal === "hub") refuseNoDataset(one);
    else await readableFiles(one);
  }
  return data;
}

/** Throws UsageError for what cannot be the name of a dataset of the Hub. */
export function refuseNoDataset(name: string): void {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name))
    throw new UsageError(`${name}: expected a dataset of the Hub as owner/name, got none`);
}

async function baseNamed(base: string): Promise<string> {
  await refuseNoModel("--base", shippedOrLocal(base));
  return base;
}

export function tasksNamed(text: string): InitTask[] {
  const named = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
  const wrong = named.find((name) => !tasks.some((task) => task === name));
  if (wrong === undefined && named.length > 0) return tasks.filter((task) => named.includes(task));
  throw new UsageError(`--task: expected some of ${tasks.join(",")}, got ${JSON.stringify(wrong ?? text)}`);
}

/** Paths as one types or drops them in a terminal: with blanks between, in quotes where they have some. */
function wordsOf(line: string): string[] {
  // A path that has blanks and is there was meant as one, though nobody quoted it.
  if (line !== "" && existsSync(line)) return [line];
  const found = line.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s\\])+)/g);
  return [...found].map(([, double, single, plain]) => double ?? single ?? plain!.replace(/\\(.)/g, "$1"));
}
