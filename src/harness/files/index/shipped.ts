import { readFileSync } from "node:fs";
import { addTag, type Entry } from "./task-index.ts";
import { yamlFilesBelow } from "./walk.ts";

/**
 * The names in a folder of task files that are ours: each says its task or group, and its tag, on a line of
 * its own. Hundreds of files are not read as YAML to find the one that is asked for.
 */
export function shippedEntries(folder: string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const file of yamlFilesBelow(folder)) {
    const text = readFileSync(file, "utf8");
    const [, kind, name] = /^(task|group): (\w+)$/m.exec(text) ?? [];
    if (name === undefined) continue;
    found.set(name, { kind: kind as "task" | "group", name, file });
    const [, tag] = /^tag: (\S+)$/m.exec(text) ?? [];
    if (tag !== undefined) addTag(found, tag, name);
  }
  return found;
}
