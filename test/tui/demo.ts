/**
 * Plays recorded events on the live screen, to look at it by hand:
 *
 *     npx tsc -p tsconfig.build.json
 *     node test/tui/demo.ts [milliseconds a training step, default 60] [file of events]
 *
 * The file is what `zebra run … --json` writes. Ctrl-C or q ends the play as a stopped run.
 */
import { readFileSync } from "node:fs";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { mountApp as MountApp } from "../../tui/app.tsx";

const [stepMs = "60", file = new URL("./fixtures/quickstart.events.jsonl", import.meta.url)] =
  process.argv.slice(2);
const compiled = new URL("../../dist/tui/app.js", import.meta.url).href;
// React's development build takes twice the time for the same frames; it looks at this once, when loaded.
process.env.NODE_ENV ??= "production";
const { mountApp } = (await import(compiled)) as { mountApp: typeof MountApp };
const events = readFileSync(file, "utf8")
  // The recording's folder, so that paths are as they are for who runs it.
  .replaceAll("/home/me/zebratune", process.cwd())
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as RunEvent);

let stops = 0;
const onStop = () => {
  if (++stops > 1) process.exit(130);
};
const app = mountApp({ title: "quickstart", onStop });
for (const event of events) {
  const pause = event.type === "train.step" || event.type === "eval.result" ? 1 : 0.5;
  await new Promise((resolve) => setTimeout(resolve, pause * Number(stepMs)));
  if (stops > 0) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const runDir = "runs/quickstart";
    app.emit({ type: "run.end", status: "stopped", runDir, resumeCommand: "npm run quickstart" });
    break;
  }
  app.emit(event);
}
await app.finished();
