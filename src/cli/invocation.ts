import { basename, relative } from "node:path";
import { quoteForShell } from "../quote.ts";

/**
 * The command line that started this process, as the user would type it again: `npm run quickstart`, `npx
 * zebra run r.yaml`, `node dist/src/cli/zebra.js run r.yaml` …
 */
export function invocation(
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  const [, script = "zebra", ...args] = argv;
  const event = env.npm_lifecycle_event;
  if (event === "quickstart") return "npm run quickstart";
  const quoted = args.map(quoteForShell);
  if (event === "zebra") return ["npm run zebra --", ...quoted].join(" ");
  if (event === "npx") return ["npx zebra", ...quoted].join(" ");
  if (basename(script) === "zebra") return ["zebra", ...quoted].join(" ");
  const path = relative(cwd, script);
  return ["node", quoteForShell(path.startsWith("..") ? script : path), ...quoted].join(" ");
}

/** What comes before a command's name as zebra was started: `npx zebra`, `zebra`, `npm run zebra --`. */
export function invokedAs(
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  return invocation(argv.slice(0, 2), env.npm_lifecycle_event === "quickstart" ? {} : env, cwd);
}
