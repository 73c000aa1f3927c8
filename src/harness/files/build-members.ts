import { isList, PyDict, type Value } from "../../jinja/values/values.ts";
import { suggestion } from "../../recipe/nearest.ts";
import type { FindHelper } from "../helpers/find-helper.ts";
import type { Member } from "../task-config.ts";
import { groupKeys } from "./config/known.ts";
import { toGroup } from "./config/to-group.ts";
import { toTask } from "./config/to-task.ts";
import type { Config, TaskFiles } from "./index/include.ts";
import type { Entry, TaskIndex } from "./index/task-index.ts";

/** Tasks and groups that one group may hold in all. */
const maxMembers = 50_000;
const maxDepth = 20;

export interface Builder {
  index: TaskIndex;
  files: TaskFiles;
  find: FindHelper;
  /** What is wrong, each with the file that it stands in. */
  problems: { file: string; problem: string }[];
  built: number;
}

const none: Config = new Map();

/** The members that a name stands for: one, or for a tag one a task. */
export function buildEntry(
  builder: Builder,
  entry: Entry,
  overrides: Config = none,
  within: readonly string[] = [],
): Member[] {
  if (entry.kind !== "tag") {
    const config = builder.files.read(entry.file);
    return entry.kind === "group"
      ? [buildGroup(builder, entry.name, config, entry.file, overrides, within)]
      : [buildTask(builder, merged(config, overrides), entry.file)];
  }
  return [...entry.tasks].sort().flatMap((name) => {
    const task = builder.index.entries.get(name);
    return task && task.kind !== "tag" ? buildEntry(builder, task, overrides, within) : [];
  });
}

export function buildTask(builder: Builder, config: Config, file: string): Member {
  bound(builder, file);
  const task = toTask(config, file, builder.find);
  if (!("problems" in task)) return { task };
  for (const problem of task.problems) builder.problems.push({ file, problem });
  return unusable;
}

/** In place of what has problems: it is never given out, for problems are thrown. */
const unusable: Member = { group: { group: "", file: "", members: [], metadata: {} } };

/** What a group's file says beside a group's own keys goes over what its tasks say. */
export function buildGroup(
  builder: Builder,
  name: string,
  config: Config,
  file: string,
  overrides: Config,
  within: readonly string[],
): Member {
  bound(builder, file);
  const path = [...within, name];
  const circle = within.includes(name);
  if (circle || path.length > maxDepth) {
    const expected = circle ? "groups that do not hold themselves" : `groups at most ${maxDepth} deep`;
    builder.problems.push({ file, problem: `task: expected ${expected}, got ${path.join(" → ")}` });
    return unusable;
  }
  const forTasks = merged(new Map([...config].filter(([key]) => !groupKeys.includes(key))), overrides);
  const members = new Map<string, Member>();
  for (const item of itemsOf(builder, config.get("task"), file))
    for (const member of buildItem(builder, item, { name, file, overrides: forTasks, path }))
      members.set("task" in member ? `task ${member.task.task}` : `group ${member.group.group}`, member);
  const group = toGroup(name, config, file, [...members.values()]);
  if (!("problems" in group)) return { group };
  for (const problem of group.problems) builder.problems.push({ file, problem });
  return unusable;
}

function itemsOf(builder: Builder, given: Value | undefined, file: string): readonly Value[] {
  if (isList(given ?? null) && (given as readonly Value[]).length > 0) return given as readonly Value[];
  if (typeof given === "string") return [given];
  builder.problems.push({ file, problem: "task: expected a list of tasks and groups, got none" });
  return [];
}

interface Parent {
  name: string;
  file: string;
  overrides: Config;
  /** Names of the groups around, this one last. */
  path: readonly string[];
}

function buildItem(builder: Builder, item: Value, parent: Parent): Member[] {
  const { entries } = builder.index;
  if (typeof item === "string") return buildNamed(builder, item, parent.overrides, none, parent);
  const own = item instanceof PyDict ? textEntries(item) : none;
  const group = own.get("group");
  const task = own.get("task");
  if (typeof group === "string") {
    const known = entries.get(group);
    const rest = new Map([...own].filter(([key]) => key !== "group"));
    return known
      ? buildEntry(builder, known, merged(parent.overrides, rest), parent.path)
      : [buildGroup(builder, `${parent.name}::${group}`, own, parent.file, parent.overrides, parent.path)];
  }
  if (typeof task === "string") return buildNamed(builder, task, merged(parent.overrides, own), own, parent);
  const problem =
    "task: expected names of tasks and groups, or mappings with task or group, got something else";
  builder.problems.push({ file: parent.file, problem });
  return [];
}

/** A task that has no file is what the group says of it, under the group's name. */
function buildNamed(
  builder: Builder,
  name: string,
  overrides: Config,
  own: Config,
  parent: Parent,
): Member[] {
  const known = builder.index.entries.get(name);
  if (known) {
    const renamed = known.kind === "group" ? overrides : merged(new Map([["task", known.name]]), overrides);
    if (known.kind !== "tag") return buildEntry(builder, known, renamed, parent.path);
    return buildEntry(builder, known, new Map([...overrides].filter(([key]) => key !== "task")), parent.path);
  }
  const isDefined = ["dataset_path", "doc_to_text", "output_type"].some((key) => own.has(key));
  if (isDefined || parent.overrides.has("dataset_path"))
    return [
      buildTask(builder, merged(overrides, new Map([["task", `${parent.name}::${name}`]])), parent.file),
    ];
  const hint = suggestionAmong(name, builder.index);
  builder.problems.push({
    file: parent.file,
    problem: `task: expected tasks that there are, got ${name}${hint}`,
  });
  return [];
}

/** `; did you mean …?`, or where to look: a list of thousands of names would help nobody. */
export function suggestionAmong(name: string, index: TaskIndex): string {
  const near = suggestion(name, index.entries.keys());
  return near.startsWith("did you mean") ? `; ${near}` : ". Name the folder with its file by --include-path";
}

function textEntries(dict: PyDict): Config {
  return new Map(
    [...dict.entries()].filter((entry): entry is [string, Value] => typeof entry[0] === "string"),
  );
}

function merged(config: Config, over: Config): Config {
  return over.size === 0 ? config : new Map([...config, ...over]);
}

function bound(builder: Builder, file: string): void {
  if (++builder.built > maxMembers) {
    throw new TooMany(file);
  }
}

/** A group that holds groups again and again. */
export class TooMany extends Error {
  readonly file: string;
  constructor(file: string) {
    super(`task: expected at most ${maxMembers} tasks and groups in all, got more`);
    this.file = file;
  }
}
