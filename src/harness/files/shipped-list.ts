import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { DataError } from "../../errors.ts";
import type { Value } from "../../jinja/values/values.ts";
import { suggestion } from "../../recipe/nearest.ts";
import { findHelper } from "../helpers/find-helper.ts";
import type { Member, TaskConfig } from "../task-config.ts";
import { type Builder, buildEntry } from "./build-members.ts";
import { realPath, taskFiles } from "./index/include.ts";
import { shippedEntries } from "./index/shipped.ts";
import { emptyIndex } from "./index/task-index.ts";
import { shippedTasks, tasksOf } from "./load-tasks.ts";

/** What is told of a task or group that ships. */
export interface ShippedTask {
  name: string;
  kind: "task" | "group";
  /** What it measures, in a few words. */
  about: string;
  /** Those of its tasks, each once: `acc, acc_norm`. */
  metrics: string[];
  /** Rows that are asked about, as the datasets' cards say. */
  rows: number | undefined;
  licence: string;
  paper: string;
  /** On the Hub, with the configuration if it is one. */
  dataset: string;
  /** Path below the folder of what ships. */
  file: string;
  /** The comment at the head of its file. */
  note: string;
  members: ShippedTask[];
}

/** Everything that ships and is in no group that does, by name. */
export function shippedList(): ShippedTask[] {
  const members = allShipped();
  const held = new Set(members.flatMap(inner).map(nameOf));
  return members.filter((member) => !held.has(nameOf(member))).map((member) => shippedTask(member));
}

/** Each by itself, as what is asked for together may not hold a task twice. */
function allShipped(): Member[] {
  const shipped = realPath(shippedTasks());
  const index = emptyIndex(shipped, shippedEntries(shipped));
  const builder: Builder = { index, files: taskFiles([]), find: findHelper, problems: [], built: 0 };
  const members = [...index.entries.values()].flatMap((entry) =>
    entry.kind === "tag" ? [] : buildEntry(builder, entry),
  );
  const [problem] = builder.problems;
  if (problem) throw new DataError(`${problem.file}: ${problem.problem}`);
  return members.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** One of them, or a member of one. Throws DataError for a name that is none. */
export function shippedNamed(name: string): ShippedTask {
  const all = (list: readonly ShippedTask[]): ShippedTask[] =>
    list.flatMap((one) => [one, ...all(one.members)]);
  const known = all(shippedList());
  const found = known.find((one) => one.name === name);
  if (found) return found;
  const names = known.map((one) => one.name);
  throw new DataError(`${name}: expected a task or group that ships, got none; ${suggestion(name, names)}`);
}

function shippedTask(member: Member, around?: ShippedTask): ShippedTask {
  const isTask = "task" in member;
  const { metadata, file } = isTask ? member.task : member.group;
  const text = (key: string) => (typeof metadata[key] === "string" ? metadata[key] : undefined);
  const tasks = tasksOf(member);
  const made: ShippedTask = {
    name: nameOf(member),
    kind: isTask ? "task" : "group",
    about: text("about") ?? (isTask ? (member.task.task_alias ?? "") : "").replaceAll("_", " "),
    metrics: [...new Set(tasks.flatMap(({ metric_list = [] }) => metric_list.map(({ metric }) => metric)))],
    rows: wholeNumber(metadata.rows),
    licence: text("licence") ?? around?.licence ?? "",
    paper: text("paper") ?? around?.paper ?? "",
    dataset: datasetOf(tasks),
    file: relative(shippedTasks(), file),
    note: headOf(file),
    members: [],
  };
  if (!isTask) made.members = member.group.members.map((one) => shippedTask(one, made));
  return made;
}

function datasetOf(tasks: readonly TaskConfig[]): string {
  const all = new Set(
    tasks.map(({ dataset_path: path, dataset_name: name }) => (name ? `${path} ${name}` : `${path}`)),
  );
  return all.size === 1 ? [...all][0]! : [...new Set(tasks.map((task) => `${task.dataset_path}`))].join(", ");
}

function wholeNumber(value: Value | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function nameOf(member: Member): string {
  return "task" in member ? member.task.task : member.group.group;
}

function inner(member: Member): Member[] {
  return "task" in member ? [] : member.group.members.flatMap((one) => [one, ...inner(one)]);
}

/** The first comment of a file as one line. */
function headOf(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ""))
    .join(" ");
}
