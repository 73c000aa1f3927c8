import { messageOf } from "../../../errors.ts";
import { isList, type Value } from "../../../jinja/values/values.ts";
import { type Config, isInside, type TaskFiles } from "./include.ts";
import { yamlFilesBelow } from "./walk.ts";

/** What a name stands for. A `class` is a task that is Python, which is refused when it is asked for. */
export type Entry =
  | { kind: "task" | "group" | "class"; name: string; file: string }
  /** A name that tasks give themselves to be asked for together. */
  | { kind: "tag"; name: string; tasks: Set<string> };

export interface TaskIndex {
  entries: Map<string, Entry>;
  /** Files with a mistake in them; upstream skips them unsaid. */
  broken: { file: string; problem: string }[];
  warnings: string[];
  /** Names that ship, of which the user has files of their own: those are taken. */
  ownOverShipped: Set<string>;
  /** The folder of what ships, links followed. */
  shipped: string | undefined;
}

/** `shipped`: a folder whose names are `entries`, which any other's files win over. */
export function emptyIndex(shipped?: string, entries: Map<string, Entry> = new Map()): TaskIndex {
  return { entries, broken: [], warnings: [], ownOverShipped: new Set(), shipped };
}

export function isShipped({ shipped }: TaskIndex, entry: Entry): boolean {
  return shipped !== undefined && entry.kind !== "tag" && isInside(shipped, entry.file);
}

/**
 * Adds all names of a folder's files. Inside one folder the first file with a name has it, a later folder's
 * names win over an earlier one's: both as upstream.
 */
export function addFolder(index: TaskIndex, root: string, files: TaskFiles): void {
  const found = new Map<string, Entry>();
  for (const file of yamlFilesBelow(root)) {
    try {
      const warning = register(found, files.read(file), file);
      if (warning !== undefined) index.warnings.push(warning);
    } catch (error) {
      index.broken.push({ file, problem: messageOf(error) });
    }
  }
  for (const [name, entry] of found) {
    const before = index.entries.get(name);
    if (before && isShipped(index, before) && !isShipped(index, entry)) index.ownOverShipped.add(name);
    else if (before && before.kind !== "tag" && entry.kind !== "tag")
      index.warnings.push(`${name}: ${entry.file} is taken, not ${before.file}, which has the name as well`);
    index.entries.set(name, entry);
  }
}

/** Returns a warning where the name is there already. */
function register(found: Map<string, Entry>, config: Config, file: string): string | undefined {
  const entry = entryOf(config, file);
  if (entry === undefined) return undefined;
  const { name } = entry;
  const before = found.get(name);
  if (before) {
    const kept = before.kind === "tag" ? "the tag" : before.file;
    return entry.kind === "group"
      ? undefined
      : `${name}: ${kept} is taken, not ${file}, which has the name as well`;
  }
  found.set(name, entry);
  if (entry.kind !== "group") for (const tag of tagsOf(config)) addTag(found, tag, name);
  return undefined;
}

/** undefined for a file that is neither a task nor a group: a base of others. */
export function entryOf(config: Config, file: string): (Entry & { file: string }) | undefined {
  const kind = config.has("class") ? "class" : config.has("group") ? "group" : "task";
  const name = kind === "group" ? config.get("group") : config.get("task");
  return typeof name === "string" && name !== "" ? { kind, name, file } : undefined;
}

export function tagsOf(config: Config): string[] {
  const given: Value = config.get("tag") ?? null;
  const list = isList(given) ? given : [given];
  return list.filter((tag): tag is string => typeof tag === "string" && tag !== "");
}

export function addTag(found: Map<string, Entry>, tag: string, task: string): void {
  const entry = found.get(tag);
  if (entry === undefined) found.set(tag, { kind: "tag", name: tag, tasks: new Set([task]) });
  else if (entry.kind === "tag") entry.tasks.add(task);
  // A task or group that has the tag's name keeps it: upstream adds to what nobody reads.
}
