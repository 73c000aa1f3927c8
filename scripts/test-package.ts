/**
 * Packs the package, installs the tarball in an empty folder and uses it there as a newcomer does:
 *
 *   npm run test:package
 *
 * It needs the npm registry, and nothing else of the network, and is skipped where that cannot be reached.
 * The other checks of installed files are in the test suite; this one takes a minute or more.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packagePath, packageRoot } from "../src/package-root.ts";

const folder = mkdtempSync(join(tmpdir(), "zebra-package-"));
const project = join(folder, "project");
// As in a user's shell: what npm tells its scripts, and zebra by it, is not there.
const own = Object.entries(process.env).filter(([name]) => !/^npm_|^ONNXRUNTIME_NODE/i.test(name));
const env = { ...Object.fromEntries(own), PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

function run(cwd: string, command: string, ...args: string[]): string {
  console.log(`$ ${[command, ...args].join(" ")}`);
  return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function expectThat(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`expected ${what}`);
  console.log(`✓ ${what}`);
}

function isRegistryThere(): boolean {
  try {
    run(folder, "npm", "view", "yaml", "version");
    return true;
  } catch {
    return false;
  }
}

try {
  if (!isRegistryThere()) console.log("skipped: the npm registry cannot be reached");
  else {
    run(packageRoot(), "npm", "pack", "--silent", "--pack-destination", folder);
    mkdirSync(project);
    run(project, "npm", "install", "--no-audit", "--no-fund", join(folder, "zebratune-0.1.0.tgz"));
    console.log(run(project, "npx", "zebra", "doctor"));

    const version = run(project, "npx", "zebra", "--version").trim();
    expectThat(/^\d+\.\d+\.\d+$/.test(version), `a version, got ${version}`);

    const tiny = ["finetune.max_steps=2", "mix.budget_tokens=8192", "mix.validation_tokens=2048"];
    const less = ["data.datasets.0.limit=60", "data.datasets.1.limit=20", "data.datasets.2.limit=20"];
    run(project, "npx", "zebra", "run", "quickstart", "eval.benchmarks=[]", "--plain", ...tiny, ...less);
    const weights = join("runs", "quickstart", "train", "final", "model.safetensors");
    expectThat(existsSync(join(project, weights)), `${weights} in the folder that zebra was started in`);
    const answer = ["generate", "--checkpoint", "zebra-nano-lcat", "--prompt", "Hi", "--max-new-tokens", "4"];
    run(project, "npx", "zebra", ...answer);
    console.log("✓ a checkpoint that ships, by name");

    writeFileSync(
      join(project, "use.ts"),
      'import * as zebratune from "zebratune";\nconsole.log(zebratune);\n',
    );
    const tsc = packagePath("node_modules", ".bin", "tsc");
    const strict = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--skipLibCheck",
      "false",
    ];
    run(project, "npm", "install", "--no-audit", "--no-fund", "-D", "@types/node@24");
    run(project, tsc, ...strict, "use.ts");
    console.log("✓ a consumer compiles with skipLibCheck: false");
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
