import { createInterface } from "node:readline/promises";
import { shippedNames } from "../../package-root.ts";
import { UsageError } from "../exit.ts";
import { type Goal, goals, type InitTask, tasks, type Wish } from "./goal.ts";

/** What the command line says; the rest is asked, or taken as it most often is. */
export type Given = Partial<Omit<Wish, "file">> & Pick<Wish, "file">;

/** What is taken where nothing is said. */
export const usual = { base: shippedNames("checkpoint")[0] ?? "", tasks } as const;

/** Asks for what the command line does not say, with the usual answer in brackets. */
export async function ask(given: Given): Promise<Given> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = async (text: string, preset: string): Promise<string> =>
    (await terminal.question(`${text}${preset === "" ? "" : ` [${preset}]`}: `)).trim() || preset;
  try {
    const goal = given.goal ?? (await askGoal(question));
    const data = given.data ?? wordsOf(await question(dataQuestion[goal], ""));
    const asked = given.tasks ?? (goal === "hub" || goal === "chat" ? undefined : await askTasks(question));
    const base = given.base ?? (await question("Model to start from (a folder, or a name)", usual.base));
    return { ...given, goal, data, base, ...(asked && { tasks: asked }) };
  } finally {
    terminal.close();
  }
}

type Question = (text: string, preset: string) => Promise<string>;

const dataQuestion: Record<Goal, string> = {
  documents: "Files or folders with the documents (Markdown, text, HTML, PDF)",
  chat: "Files or folders with the conversations (JSONL, JSON, CSV, Parquet)",
  hub: "Dataset of the Hub (owner/name)",
  lcat: "Files or folders with the documents (Markdown, text, HTML, PDF)",
};

async function askGoal(question: Question): Promise<Goal> {
  const names = Object.keys(goals) as Goal[];
  const list = names.map((name, i) => `  ${i + 1} ${name.padEnd(10)} ${goals[name]}`).join("\n");
  const answer = await question(`What is it for?\n${list}\nNumber or name`, "documents");
  return goalNamed(names[Number(answer) - 1] ?? answer);
}

async function askTasks(question: Question): Promise<InitTask[]> {
  return tasksNamed(await question("What is it to do with them", tasks.join(",")));
}

export function goalNamed(text: string): Goal {
  if (Object.hasOwn(goals, text)) return text as Goal;
  throw new UsageError(
    `--for: expected one of ${Object.keys(goals).join(", ")}, got ${JSON.stringify(text)}`,
  );
}

export function tasksNamed(text: string): InitTask[] {
  const named = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
  const wrong = named.find((name) => !tasks.some((task) => task === name));
  if (wrong === undefined && named.length > 0) return tasks.filter((task) => named.includes(task));
  throw new UsageError(`--task: expected some of ${tasks.join(",")}, got ${JSON.stringify(wrong ?? text)}`);
}

/** Paths as one types or drops them in a terminal: with blanks between, in quotes where they have some. */
function wordsOf(line: string): string[] {
  const found = line.matchAll(/"([^"]*)"|'([^']*)'|((?:\\.|[^\s\\])+)/g);
  return [...found].map(([, double, single, plain]) => double ?? single ?? plain!.replace(/\\(.)/g, "$1"));
}
