import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs as npm's `preinstall` of this package in a user's project, so on any Node, and before other packages'
 * `postinstall`.
 *
 * On Linux x64 the postinstall of onnxruntime-node downloads CUDA libraries, some 300 MB, from another host
 * than the registry, and the whole installation fails where that host cannot be reached. Only `device: cuda`
 * uses them, and `zebra doctor` has the command that fetches them. The download is left out where the files
 * are there already, so each that is missing gets a note in its place. Those that are there stay.
 *
 * Nothing is done where somebody asked for CUDA: npm was told, or the project itself depends on
 * onnxruntime-node. Returns the files that were written.
 */
export function leaveOutCuda(root: string, env: NodeJS.ProcessEnv): string[] {
  if (process.platform !== "linux" || process.arch !== "x64" || isCudaWanted(env)) return [];
  // A checkout's own `npm ci` is told by package.json's allowScripts.
  if (basename(dirname(root)) !== "node_modules") return [];
  const runtime = dirname(createRequire(join(root, "package.json")).resolve("onnxruntime-node/package.json"));
  const folder = join(runtime, "bin", "napi-v6", "linux", "x64");
  const missing = ["cuda", "shared", "tensorrt"]
    .map((name) => join(folder, `libonnxruntime_providers_${name}.so`))
    .filter((file) => !existsSync(file));
  for (const file of missing) writeFileSync(file, note);
  return missing;
}

const note =
  "Not a library: installing zebratune leaves the download of CUDA out. To have it here:\n" +
  "ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node\n";

function isCudaWanted(env: NodeJS.ProcessEnv): boolean {
  const told = ["ONNXRUNTIME_NODE_INSTALL", "ONNXRUNTIME_NODE_INSTALL_CUDA"];
  if (told.some((name) => env[name] ?? env[`npm_config_${name.toLowerCase()}`])) return true;
  const project = env.npm_config_local_prefix;
  if (project === undefined || !existsSync(join(project, "package.json"))) return false;
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(project, "package.json"), "utf8"),
  ) as { dependencies?: object; optionalDependencies?: object };
  return "onnxruntime-node" in { ...dependencies, ...optionalDependencies };
}

if (process.env.npm_lifecycle_event === "preinstall")
  leaveOutCuda(fileURLToPath(new URL("../../../..", import.meta.url)), process.env);
