import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { runPaths } from "../contracts/run-folder.ts";
import { hubSettings } from "../datasets/hub/settings.ts";
import { planPush, pushData } from "../datasets/publish/push.ts";
import { formatBytes } from "../format.ts";
import { UsageError } from "./exit.ts";

export interface PushOptions {
  repo: string;
  private: boolean;
  dryRun: boolean;
  writeLine(line: string): void;
}

/** Uploads a run's data to the Hub, or prints what it would upload. */
export async function pushRunData(runDir: string, options: PushOptions): Promise<void> {
  if (!existsSync(resolve(runDir)))
    throw new UsageError(`${runDir}: expected the folder of a run, got nothing there`);
  const plan = await planPush(runPaths(resolve(runDir)).data, options.repo);
  const settings = hubSettings();
  const what = options.private ? "a private dataset" : "a public dataset";
  options.writeLine(`to ${settings.endpoint}/datasets/${plan.repo}, ${what} if it has to be made:`);
  options.writeLine(`  README.md  ${formatBytes(Buffer.byteLength(plan.card))}`);
  for (const { path, sizeBytes } of plan.files) options.writeLine(`  ${path}  ${formatBytes(sizeBytes)}`);
  if (options.dryRun) options.writeLine("nothing was uploaded: --dry-run");
  else
    options.writeLine(
      `uploaded: ${await pushData(plan, { ...options, settings, stop: { stopped: false } })}`,
    );
}
