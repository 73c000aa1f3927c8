import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { suggestion } from "../../recipe/nearest.ts";
import type { Member, TaskConfig } from "../task-config.ts";

/** A copy of one dataset, or of several. */
interface Place {
  /** As it was given. */
  given: string;
  /** A task, group, tag or dataset of the Hub; none: a folder with the copies of many. */
  name: string | undefined;
  folder: string;
}

/** What a task is known by: itself, the groups around it, its tags, its dataset. */
interface Known {
  task: TaskConfig;
  names: readonly string[];
}

/**
 * Lets tasks read their datasets from folders instead of the Hub. `given`: `name=dir`, where the name is that
 * of a task, group, tag or dataset of the Hub, or `dir`, which holds datasets by their names on the Hub
 * (`allenai/ai2_arc`, or `ai2_arc` alone). A folder is laid out as the repository is on the Hub.
 */
export function withLocalData(
  members: readonly Member[],
  given: readonly string[],
  cwd: string,
): { members: Member[]; problems: string[] } {
  const problems: string[] = [];
  const places = given.map((one) => placeOf(one, cwd));
  for (const { given: one, folder } of places)
    if (!isFolder(folder)) problems.push(`data: expected a folder that there is, got ${one}`);
  if (places.length === 0 || problems.length > 0) return { members: [...members], problems };
  const known = members.flatMap((member) => knownIn(member, []));
  const names = new Set(known.flatMap((one) => one.names));
  for (const { given: one, name } of places)
    if (name !== undefined && !names.has(name))
      problems.push(
        `data: expected the name of a task that is asked for, or of its dataset, got ${one}; ` +
          suggestion(name, names),
      );
  const folders = new Map(known.map(({ task, names }) => [task, folderFor(task, names, places)]));
  const unused = places.filter(({ folder }) => ![...folders.values()].some((one) => one?.from === folder));
  for (const { given: one, name } of unused)
    if (name === undefined) {
      const wanted = [...new Set(known.flatMap(({ task }) => task.dataset_path ?? []))]
        .slice(0, 5)
        .join(", ");
      problems.push(`data: expected a folder with copies of ${wanted}, got ${one}, which has none of them`);
    }
  const replace = (member: Member): Member => {
    if ("group" in member) return { group: { ...member.group, members: member.group.members.map(replace) } };
    const found = folders.get(member.task);
    return found ? { task: { ...member.task, dataset_path: found.folder } } : member;
  };
  return { members: members.map(replace), problems };
}

function placeOf(given: string, cwd: string): Place {
  const at = given.indexOf("=");
  return {
    given,
    name: at > 0 ? given.slice(0, at) : undefined,
    folder: resolve(cwd, at > 0 ? given.slice(at + 1) : given),
  };
}

function knownIn(member: Member, groups: readonly string[]): Known[] {
  if ("group" in member)
    return member.group.members.flatMap((inner) => knownIn(inner, [...groups, member.group.group]));
  const { task, tags, dataset_path: dataset } = member.task;
  const ofDataset = dataset === undefined ? [] : [dataset, basename(dataset)];
  return [{ task: member.task, names: [task, ...groups.toReversed(), ...tags, ...ofDataset] }];
}

/** A named folder before one that holds many; of the named ones that with the name nearest to the task. */
function folderFor(
  { dataset_path: dataset = "" }: TaskConfig,
  names: readonly string[],
  places: readonly Place[],
): { folder: string; from: string } | undefined {
  const named = names.flatMap((name) => places.filter((place) => place.name === name));
  if (named[0]) return { folder: snapshotIn(named[0].folder), from: named[0].folder };
  for (const { name, folder: from } of places) {
    if (name !== undefined || dataset === "") continue;
    const inCache = `datasets--${dataset.replaceAll("/", "--")}`;
    const folder = [dataset, basename(dataset), inCache].map((one) => join(from, one)).find(isFolder);
    if (folder !== undefined) return { folder: snapshotIn(folder), from };
  }
  return undefined;
}

/** Of a dataset in the Hub's cache, the files of its main branch; any other folder itself. */
function snapshotIn(folder: string): string {
  const main = join(folder, "refs", "main");
  if (!existsSync(main)) return folder;
  const snapshot = join(folder, "snapshots", readFileSync(main, "utf8").trim());
  return isFolder(snapshot) ? snapshot : folder;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
