import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { StageName } from "../../contracts/events.ts";
import { evalPaths, runPaths, stagePaths, trainPaths } from "../../contracts/run-folder.ts";
import type { NextStep, Verdict } from "../../contracts/verdict.ts";
import { quoteForShell } from "../../quote.ts";

/**
 * What the stages of a run have left, and the commands to go on with. `shown` writes a path for people.
 * `asksNothing`: its recipe has no benchmarks.
 */
export function nextSteps(
  runDir: string,
  of: readonly StageName[],
  shown: (path: string) => string,
  { asksNothing = false }: { asksNothing?: boolean } = {},
): Pick<Verdict, "files" | "next"> {
  const paths = runPaths(runDir);
  const quoted = (path: string): string => quoteForShell(shown(path));
  const isDone = (stage: StageName): boolean =>
    of.includes(stage) && existsSync(stagePaths(runDir, stage).result);
  const { final } = trainPaths(paths.train);
  const isTuned = isDone("finetune");
  const isCompared = runDir === runPaths(dirname(runDir)).compare;
  const files: Verdict["files"] = [
    ...(isDone("eval") ? [{ name: "report", path: shown(paths.report) } as const] : []),
    ...(isDone("eval") ? [{ name: "results", path: shown(evalPaths(paths.eval).results) } as const] : []),
    ...(isTuned ? [{ name: "checkpoint", path: shown(final) } as const] : []),
  ];
  const step = (isOffered: boolean, title: string, command: string): NextStep[] =>
    isOffered ? [{ title, command }] : [];
  return {
    files: files.length > 0 ? files : [{ name: "folder", path: shown(runDir) }],
    next: [
      ...step(isTuned && !isDone("eval") && !asksNothing, "evaluate it", `eval ${quoted(paths.recipe)}`),
      ...step(isTuned, "try the checkpoint", `generate --checkpoint ${quoted(final)} --prompt "…"`),
      ...step(isDone("mix") && !isTuned, "train on it", `finetune ${quoted(paths.recipe)}`),
      ...step(isDone("data") && !isDone("mix"), "mix and pack it", `mix ${quoted(paths.recipe)}`),
      ...step(isDone("mix"), "see what it was trained on", `inspect ${quoted(runDir)}`),
      ...step(
        isDone("eval") && !isCompared,
        "compare it with another run",
        `compare ${quoted(runDir)} OTHER_RUN --html compare.html`,
      ),
    ],
  };
}
