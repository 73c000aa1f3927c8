import { readdirSync, readFileSync } from "node:fs";
import { packagePath } from "../../../src/package-root.ts";

/** Names of all tasks that ship, by what their files say. */
export function shippedTasks(): string[] {
  return namesAfter("task");
}

export function shippedGroups(): string[] {
  return namesAfter("group");
}

function namesAfter(key: string): string[] {
  const files = readdirSync(packagePath("tasks"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".yaml"),
  );
  return files
    .flatMap(
      (file) =>
        new RegExp(`^${key}: (\\w+)$`, "m").exec(readFileSync(packagePath("tasks", file), "utf8"))?.[1] ?? [],
    )
    .sort();
}
