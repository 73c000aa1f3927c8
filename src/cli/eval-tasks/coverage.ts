import { relative } from "node:path";
import { formatCount } from "../../format.ts";
import { coverageOf } from "../../harness/files/coverage.ts";
import { formatTable } from "../output/format.ts";

/** What `zebra eval coverage` prints: a line for each file, then counts; or all of it as JSON. */
export function coverageLines(dir: string, { json: isJson = false }: { json?: boolean }): string[] {
  const { files, tasks, groups, byReason } = coverageOf(dir);
  if (isJson)
    return [JSON.stringify({ files, tasks, groups, reasons: Object.fromEntries(byReason) }, null, 2)];
  const lines = files.map(({ file, kind, reasons }) => {
    const what = kind === "base" ? "included by others" : reasons.length === 0 ? "runs" : reasons[0]!.problem;
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
    return `${relative(dir, file)}: ${what.split("\n")[0]}${more}`;
  });
  const unreadable = files.filter(({ kind }) => kind === "unreadable").length;
  const counts = formatTable(
    ["", "all", "run", "declarative", "of these run"],
    [
      ["tasks", tasks],
      ["groups", groups],
    ].map(([name, counts]) => {
      const { all, run, declarative, declarativeThatRun } = counts as typeof tasks;
      return [name as string, ...[all, run, declarative, declarativeThatRun].map(formatCount)];
    }),
    1,
  );
  const reasons = [...byReason].map(([reason, count]) => [reason, formatCount(count)]);
  return [
    ...lines,
    "",
    ...counts,
    ...(unreadable > 0 ? ["", `${formatCount(unreadable)} files cannot be read as task files`] : []),
    ...(reasons.length > 0 ? ["", ...formatTable(["why others do not", "tasks"], reasons, 1)] : []),
  ];
}
