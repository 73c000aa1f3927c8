import { readFileSync } from "node:fs";
import { groupError, groupMean } from "../../src/harness/metrics/group-figures.ts";
import { type Comparison, isClose, type Oracle } from "./oracle.ts";

interface File {
  groups: {
    values: number[];
    stderrs: number[];
    sizes: number[];
    weighted: number;
    unweighted: number;
    pooled_stderr: number;
    unweighted_stderr: number;
  }[];
}

/** Means of groups and their standard errors, weighted by size and not. */
export const statisticsGroups: Oracle = {
  takes: (fileName) => fileName === "statistics.json",
  *compare(path) {
    const { groups } = JSON.parse(readFileSync(path, "utf8")) as File;
    for (const [i, group] of groups.entries()) {
      const { values, stderrs, sizes } = group;
      yield close(`group ${i}, weighted`, groupMean(values, sizes, true), group.weighted);
      yield close(`group ${i}, unweighted`, groupMean(values, sizes, false), group.unweighted);
      yield close(`group ${i}, pooled stderr`, groupError(stderrs, sizes, true), group.pooled_stderr);
      yield close(`group ${i}, plain stderr`, groupError(stderrs, sizes, false), group.unweighted_stderr);
    }
  },
};

function close(what: string, got: number | "N/A", expected: number): Comparison {
  const isRight = got !== "N/A" && isClose(got, expected);
  return { what: `statistics: ${what}`, isRight, detail: `expected ${expected}, got ${got}` };
}
