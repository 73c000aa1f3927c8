import { type Stats, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { globToRegExp } from "../../datasets/hub/glob.ts";
import { ConfigError, DataError, messageOf } from "../../errors.ts";
import { packagePath } from "../../package-root.ts";
import { type FindHelper, findHelper } from "../helpers/find-helper.ts";
import type { Member, TaskConfig } from "../task-config.ts";
import { type Builder, buildEntry, suggestionAmong, TooMany } from "./build-members.ts";
import { shown } from "./config/checker.ts";
import { realPath, taskFiles } from "./index/include.ts";
import { shippedEntries } from "./index/shipped.ts";
import { addFolder, type Entry, emptyIndex, entryOf, isShipped, type TaskIndex } from "./index/task-index.ts";
import { yamlFilesBelow } from "./index/walk.ts";
import { withLocalData } from "./local-data.ts";

/** The task files that ship with the package: known by name where nothing of the user's has it. */
export function shippedTasks(): string {
  return packagePath("tasks");
}

export interface LoadOptions {
  /** Folders whose tasks are known by name; a later one's win. */
  includePaths: readonly string[];
  /** Paths that are asked for are relative to it. */
  cwd: string;
  /** What stands for Python functions; the toolkit's own helpers unless a test says others. */
  find?: FindHelper;
  /** The folder of tasks that ship, or null for none. Default: the package's. */
  shipped?: string | null;
  /** Copies of datasets on this machine: `name=dir`, or a folder with several. */
  data?: readonly string[];
}

export interface LoadedTasks {
  /** In the order asked for; what a tag or a glob stands for in the order of names. */
  members: Member[];
  warnings: string[];
}

/** Problems that one message lists. */
const mostProblems = 20;

/**
 * The tasks and groups that are asked for: by name, tag or glob among the include paths, by path of a YAML
 * file, a glob of such paths, or a folder of them. Throws ConfigError with every problem of every file.
 */
export async function loadTasks(asked: readonly string[], options: LoadOptions): Promise<LoadedTasks> {
  const { cwd, includePaths, find = findHelper, shipped = shippedTasks() } = options;
  const items = asked.flatMap((item) => item.split(",")).map((item) => item.trim());
  const folders = includePaths.map((path) => resolve(cwd, path));
  const files = taskFiles([...folders, cwd]);
  const ours = shipped === null ? undefined : realPath(shipped);
  const index = ours === undefined ? emptyIndex() : emptyIndex(ours, shippedEntries(ours));
  for (const folder of folders) addFolder(index, folder, files);
  const builder: Builder = { index, files, find, problems: [], built: 0 };
  const wanted = new Map<string, Entry>();
  const fromFolders = new Set<string>();
  for (const item of items) {
    try {
      for (const { entry, isOfFolder } of entriesFor(item, cwd, builder)) {
        wanted.set(keyOf(entry), entry);
        if (isOfFolder) fromFolders.add(entry.name);
      }
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      builder.problems.push({ file: "", problem: messageOf(error) });
    }
  }
  const built = [...wanted.values()].flatMap((entry) => buildSafely(builder, entry));
  const members = withoutHeld(built, fromFolders);
  if (builder.problems.length === 0) checkDuplicates(builder, members);
  const local = withLocalData(once(members), options.data ?? [], cwd);
  for (const problem of local.problems) builder.problems.push({ file: "", problem });
  if (builder.problems.length > 0) throw asError(builder);
  return { members: local.members, warnings: [...warningsOf(index, members), ...namedTwice(members)] };
}

function keyOf(entry: Entry): string {
  return entry.kind === "tag" ? `tag ${entry.name}` : `${entry.kind} ${entry.name} ${entry.file}`;
}

interface Asked {
  entry: Entry;
  /** It was not named itself, its folder was. */
  isOfFolder?: boolean;
}

function entriesFor(item: string, cwd: string, builder: Builder): Asked[] {
  const { index } = builder;
  if (item === "") throw new DataError("expected names or paths of tasks, got an empty one");
  const named = matching(item, index);
  const path = isAbsolute(item) ? item : join(cwd, item);
  if (named.length > 0) {
    if (named.some((entry) => isShipped(index, entry)) && hasTaskFiles(path))
      index.warnings.push(
        `${item}: what ships under this name is taken, not the folder here; write ./${item} for it`,
      );
    return named.map((entry) => ({ entry }));
  }
  if (isFolder(path)) {
    const own = yamlFilesBelow(path).filter((file) => dirname(file) === path);
    const entries = own.flatMap((file) => entryOfFile(file, builder, false) ?? []);
    if (entries.length > 0) return entries.map((entry) => ({ entry, isOfFolder: true }));
    throw new DataError(`${item}: expected a folder with task files (*.yaml), got none in it`);
  }
  if (item.endsWith(".yaml") || item.endsWith(".yml") || isThere(path)) {
    const found = hasGlob(item) ? globbed(path) : [path];
    if (found.length === 0) throw new DataError(`${item}: expected task files, got none that match`);
    return found.map((file) => ({ entry: entryOfFile(file, builder, true)! }));
  }
  const known = index.entries.size === 0 ? ". Name the folder of its file with --include-path" : "";
  const hint = known || suggestionAmong(item, index);
  const broken = index.broken.find(({ file }) => basename(file).startsWith(item));
  const also = broken ? ` (${broken.problem})` : "";
  throw new DataError(`${item}: expected a task, group, tag or file that there is, got none${hint}${also}`);
}

/** Names that Python's fnmatch finds for the item, sorted. */
function matching(item: string, index: TaskIndex): Entry[] {
  const exact = index.entries.get(item);
  if (exact) return [exact];
  if (!hasGlob(item)) return [];
  const pattern = globToRegExp(item.replaceAll("/", "\0"));
  const names = [...index.entries.keys()].filter((name) => pattern.test(name.replaceAll("/", "\0"))).sort();
  return names.map((name) => index.entries.get(name)!);
}

function hasGlob(item: string): boolean {
  return /[*?[]/.test(item);
}

/** Files that a path with globs in its last part names. */
function globbed(path: string): string[] {
  const pattern = globToRegExp(basename(path));
  const folder = dirname(path);
  return yamlFilesBelow(folder).filter((file) => dirname(file) === folder && pattern.test(basename(file)));
}

/** `isAsked`: the file itself was named, so that it has to be a task or a group. */
function entryOfFile(file: string, builder: Builder, isAsked: boolean): Entry | undefined {
  const path = realPath(file);
  const config = builder.files.read(path);
  const entry = entryOf(config, path);
  if (entry === undefined && isAsked) {
    const given = ["task", "group"].find((key) => config.has(key));
    const got = given === undefined ? "neither" : `${given}: ${shown(config.get(given))}`;
    throw new DataError(`${file}: expected task or group, the name of what the file is, got ${got}`);
  }
  // A group's members are often beside it: they are known where no include path has the name.
  if (entry?.kind === "group") addBeside(builder, dirname(path));
  return entry;
}

function addBeside(builder: Builder, folder: string): void {
  const beside = emptyIndex();
  addFolder(beside, folder, builder.files);
  for (const [name, entry] of beside.entries) {
    const before = builder.index.entries.get(name);
    if (before && !isShipped(builder.index, before)) continue;
    if (before) builder.index.ownOverShipped.add(name);
    builder.index.entries.set(name, entry);
  }
  builder.index.broken.push(...beside.broken);
}

function buildSafely(builder: Builder, entry: Entry): Member[] {
  try {
    return buildEntry(builder, entry);
  } catch (error) {
    if (error instanceof TooMany) builder.problems.push({ file: error.file, problem: error.message });
    else if (error instanceof DataError) builder.problems.push({ file: "", problem: error.message });
    else throw error;
    return [];
  }
}

export function tasksOf(member: Member): TaskConfig[] {
  return "task" in member ? [member.task] : member.group.members.flatMap(tasksOf);
}

/** As upstream: a task may stand in one of the things that are asked for, not in two. */
function checkDuplicates(builder: Builder, members: readonly Member[]): void {
  const seen = new Map<string, string>();
  for (const member of members) {
    const source = nameOf(member);
    for (const { task } of tasksOf(member)) {
      const before = seen.get(task);
      if (before !== undefined && before !== source) {
        const got = `it in ${before} and in ${source}`;
        builder.problems.push({
          file: "",
          problem: `${task}: expected a task to be asked for once, got ${got}`,
        });
      }
      seen.set(task, source);
    }
  }
}

/** Of a folder with a group and the tasks that it holds, the group alone is asked for. */
function withoutHeld(members: readonly Member[], fromFolders: ReadonlySet<string>): Member[] {
  const inner = (member: Member): Member[] => ("task" in member ? [] : [...member.group.members]);
  const all = (list: readonly Member[]): Member[] => list.flatMap((m) => [m, ...all(inner(m))]);
  const held = new Set(all(members.flatMap(inner)).map(nameOf));
  return members.filter((member) => !(fromFolders.has(nameOf(member)) && held.has(nameOf(member))));
}

function nameOf(member: Member): string {
  return "task" in member ? member.task.task : member.group.group;
}

/** A task or group that is asked for twice is one. */
function once(members: readonly Member[]): Member[] {
  return [
    ...new Map(
      members.map((m) => ["task" in m ? `task ${m.task.task}` : `group ${m.group.group}`, m]),
    ).values(),
  ];
}

/** Tasks of one name in several files, of which `once` leaves the last. */
function namedTwice(members: readonly Member[]): string[] {
  const files = new Map<string, string>();
  return members.flatMap((member) => {
    if (!("task" in member)) return [];
    const { task, file } = member.task;
    const before = files.get(task);
    files.set(task, file);
    return before === undefined || before === file
      ? []
      : [`${task}: ${file} is taken, not ${before}, which has the name as well`];
  });
}

function warningsOf(index: TaskIndex, members: readonly Member[]): string[] {
  const names = new Set(members.flatMap(namesOf));
  // Names that come twice are told where they matter, not for a whole checkout.
  const twice = index.warnings.filter((warning) => names.has(warning.slice(0, warning.indexOf(":"))));
  const own = [...index.ownOverShipped].filter((name) => names.has(name));
  if (own.length > 0) {
    const more = own.length > 3 ? ` and ${own.length - 3} more` : "";
    twice.push(`${own.slice(0, 3).join(", ")}${more}: your own files are taken, not those that ship`);
  }
  return [...new Set(twice)];
}

function namesOf(member: Member): string[] {
  return "task" in member
    ? [member.task.task]
    : [member.group.group, ...member.group.members.flatMap(namesOf)];
}

function hasTaskFiles(path: string): boolean {
  return isFolder(path) && yamlFilesBelow(path).some((file) => dirname(file) === path);
}

function asError({ problems }: Builder): ConfigError {
  const lines = [
    ...new Set(problems.map(({ file, problem }) => (file === "" ? problem : `${file}: ${problem}`))),
  ];
  const more = lines.length > mostProblems ? [`… and ${lines.length - mostProblems} more`] : [];
  return new ConfigError("tasks", [...lines.slice(0, mostProblems), ...more]);
}

function isThere(path: string): boolean {
  return kindAt(path) !== undefined;
}

function isFolder(path: string): boolean {
  return kindAt(path)?.isDirectory() ?? false;
}

function kindAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // told by whoever opens it
  }
}
