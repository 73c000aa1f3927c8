import { basename, delimiter, dirname, relative } from "node:path";
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
  if (env.npm_lifecycle_event === "quickstart") return "npm run quickstart";
  return [program(argv, env, cwd), ...argv.slice(2).map(quoteForShell)].join(" ");
}

/**
 * How the user calls the command in this shell: `zebra` only where the shell finds it, else `npx zebra`, `npm
 * run zebra --` or the script with Node.
 */
export function program(
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  const [, script = "zebra"] = argv;
  const event = env.npm_lifecycle_event;
  if (event === "zebra") return "npm run zebra --";
  // npm and npx put node_modules/.bin on the PATH of what they run, but not on that of the user's shell.
  const isInProject = /[\\/]node_modules[\\/](\.bin|zebratune)[\\/]/.test(script);
  if (event !== undefined || isInProject) return "npx zebra";
  const isOnPath = env.PATH?.split(delimiter).includes(dirname(script)) ?? false;
  if (basename(script) === "zebra" && isOnPath) return "zebra";
  const path = relative(cwd, script);
  const shown = quoteForShell(path.startsWith("..") ? script : path);
  return basename(script) === "zebra" && !path.startsWith("..") ? `./${shown}` : `node ${shown}`;
}

/** What comes before a command's name as zebra was started: `npx zebra`, `zebra`, `npm run zebra --`. */
export function invokedAs(
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): string {
  return invocation(argv.slice(0, 2), env.npm_lifecycle_event === "quickstart" ? {} : env, cwd);
}
