import { Type } from "@sinclair/typebox";
import { tasks } from "../../contracts/example.ts";
import { noOptions, type Open, type OptionsSchema, withOptions } from "../../recipe/options.ts";
import { choice } from "../../schema.ts";
import type { BuildOptions, DatasetEntry, Length } from "../entry.ts";
import type { HubDataset } from "./hub-entry.ts";

const anyTask = ` *(${tasks.join("|")}) *`;

/** `options` of a dataset that ships with the package, and what its examples are built by them. */
const shipped = withOptions(
  {
    length: choice(["short", "long", "both"], {
      description: "Which examples are built.",
      default: "both",
      expected: "short, long or both",
    }),
    tasks: Type.String({
      description: "Names of tasks, with commas between them; what a dataset does not have is left out.",
      pattern: `^${anyTask}(,${anyTask})*$`,
      default: tasks.join(","),
      expected: `names of ${tasks.join(", ")}`,
    }),
    max_chars: Type.Optional(
      Type.Number({
        description: "Long contexts and answers are built no longer than this, in characters.",
        minimum: 5000,
        expected: "a number of at least 5000",
      }),
    ),
  },
  ({ length, tasks: names, max_chars: maxChars = Number.POSITIVE_INFINITY }): BuildOptions => {
    const wanted = names.split(",").map((task) => task.trim());
    return {
      lengths: new Set<Length>(length === "both" ? ["short", "long"] : [length]),
      tasks: new Set(tasks.filter((task) => wanted.includes(task))),
      maxChars,
    };
  },
);

export const openBuildOptions: Open<BuildOptions> = shipped.open;

/** The options that an entry of the catalog takes. */
export function optionsOfDataset(entry: DatasetEntry | HubDataset): OptionsSchema {
  return "repo" in entry ? noOptions : shipped.options;
}
