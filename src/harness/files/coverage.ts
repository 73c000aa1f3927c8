import { DataError, messageOf } from "../../errors.ts";
import { type FindHelper, findHelper } from "../helpers/find-helper.ts";
import { type Builder, buildEntry, TooMany } from "./build-members.ts";
import { functionsIn } from "./config/fields.ts";
import { toTask } from "./config/to-task.ts";
import { type Config, taskFiles } from "./index/include.ts";
import { addFolder, emptyIndex, entryOf } from "./index/task-index.ts";
import { yamlFilesBelow } from "./index/walk.ts";

/** What a file of a checkout is, and whether it can be asked for. */
export interface FileCoverage {
  file: string;
  kind: "task" | "group" | "base" | "unreadable";
  /** Of the task or group. */
  name?: string;
  /** It needs no Python, nor would in lm-evaluation-harness. */
  isDeclarative: boolean;
  /** Empty: it runs. Each with the kind that totals are counted by. */
  reasons: { kind: string; problem: string }[];
}

export interface Coverage {
  files: FileCoverage[];
  tasks: Counts;
  groups: Counts;
  /** Tasks by each reason that they have; a task may have several. */
  byReason: Map<string, number>;
}

export interface Counts {
  all: number;
  run: number;
  declarative: number;
  declarativeThatRun: number;
}

/**
 * Says of every task file below a folder whether the toolkit runs it, or why not. Reads no data and asks
 * nobody: a task that runs may still find no rows. Throws DataError where there is no such folder.
 */
export function coverageOf(folder: string, find: FindHelper = findHelper): Coverage {
  const files = taskFiles([folder]);
  const index = emptyIndex();
  addFolder(index, folder, files);
  const listed = yamlFilesBelow(folder).map((file) => coverageOfFile(file, { index, files, find }));
  const byReason = new Map<string, number>();
  for (const { kind, reasons } of listed)
    if (kind === "task")
      for (const reason of new Set(reasons.map((one) => one.kind)))
        byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  const ordered = new Map([...byReason].sort((a, b) => b[1] - a[1]));
  return {
    files: listed,
    tasks: countsOf(listed, "task"),
    groups: countsOf(listed, "group"),
    byReason: ordered,
  };
}

function coverageOfFile(file: string, given: Pick<Builder, "index" | "files" | "find">): FileCoverage {
  try {
    const config = given.files.read(file);
    const entry = entryOf(config, file);
    if (entry === undefined) return { file, kind: "base", isDeclarative: true, reasons: [] };
    const { name } = entry;
    if (entry.kind === "group") {
      const builder = { ...given, problems: [], built: 0 } satisfies Builder;
      buildEntry(builder, entry);
      return { file, kind: "group", name, isDeclarative: true, reasons: reasonsOf(builder.problems) };
    }
    const task = toTask(config, file, given.find);
    const problems = "problems" in task ? task.problems.map((problem) => ({ problem })) : [];
    return { file, kind: "task", name, isDeclarative: !needsPython(config), reasons: reasonsOf(problems) };
  } catch (error) {
    if (!(error instanceof DataError) && !(error instanceof TooMany)) throw error;
    const problem = messageOf(error).replace(`${file}: `, "");
    return { file, kind: "unreadable", isDeclarative: false, reasons: reasonsOf([{ problem }]) };
  }
}

/** Whether `!function` stands anywhere in it. */
function needsPython(config: Config): boolean {
  return [...config.values()].some((value) => functionsIn(value).length > 0);
}

function reasonsOf(problems: readonly { problem: string }[]): FileCoverage["reasons"] {
  const all = new Set(problems.map(({ problem }) => problem));
  return [...all].map((problem) => ({ kind: kindOf(problem), problem }));
}

/** The key without its places in lists, and what was wanted of it. */
function kindOf(problem: string): string {
  const [, key = "", expected = ""] = /^([^:]*): expected (.*?), got /s.exec(problem) ?? [];
  const where = key.replace(/\[\d+\]/g, "");
  if (key === "") return "a mistake in the file";
  return expected === "no Python" ? `Python in ${where}` : `${where}: expected ${expected.slice(0, 60)}`;
}

function countsOf(files: readonly FileCoverage[], kind: FileCoverage["kind"]): Counts {
  const of = files.filter((file) => file.kind === kind);
  const declarative = of.filter(({ isDeclarative }) => isDeclarative);
  const runs = ({ reasons }: FileCoverage) => reasons.length === 0;
  return {
    all: of.length,
    run: of.filter(runs).length,
    declarative: declarative.length,
    declarativeThatRun: declarative.filter(runs).length,
  };
}
