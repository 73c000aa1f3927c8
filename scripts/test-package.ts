/**
 * Packs the package, installs the tarball in an empty folder and uses it there as a newcomer does:
 *
 *   npm run test:package
 *
 * It needs the npm registry, and nothing else of the network, and is skipped where that cannot be reached.
 * The other checks of installed files are in the test suite; this one takes a minute or more.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packagePath, packageRoot } from "../src/package-root.ts";

const folder = mkdtempSync(join(tmpdir(), "zebra-package-"));
const project = join(folder, "project");
// As in a user's shell: what npm tells its scripts, and zebra by it, is not there.
const own = Object.entries(process.env).filter(([name]) => !/^npm_|^ONNXRUNTIME_NODE/i.test(name));
const env = { ...Object.fromEntries(own), PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

/** A program of somebody else's: a typed recipe with an error that only its values have. */
const use = `import { ConfigError, defineRecipe, run } from "zebratune";

const recipe = defineRecipe({
  name: "theirs",
  model: { checkpoint: "nowhere" },
  data: { datasets: [{ path: "none.jsonl" }] },
  mix: { max_seq_tokens: 512 },
});
try {
  await run(recipe, { onEvent: (event) => console.log(event.type) });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.log(error.message);
}
`;

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
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    if (tarball === undefined) throw new Error(`${folder}: expected a tarball by npm pack, got none`);
    mkdirSync(project);
    // A folder without a package.json of its own installs into the nearest above it that has one.
    writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
    run(project, "npm", "install", "--no-audit", "--no-fund", join(folder, tarball));
    console.log(run(project, "npx", "zebra", "doctor"));

    const version = run(project, "npx", "zebra", "--version").trim();
    expectThat(/^\d+\.\d+\.\d+$/.test(version), `a version, got ${version}`);

    const tiny = ["finetune.max_steps=2", "mix.budget_tokens=8192", "mix.validation_tokens=2048"];
    run(project, "npx", "zebra", "run", "quickstart", "eval.benchmarks=[]", "--plain", ...tiny);
    const weights = join("runs", "quickstart", "train", "final", "model.safetensors");
    expectThat(existsSync(join(project, weights)), `${weights} in the folder that zebra was started in`);
    const answer = ["generate", "--checkpoint", "zebra-nano-lcat", "--prompt", "Hi", "--max-new-tokens", "4"];
    run(project, "npx", "zebra", ...answer);
    console.log("✓ a checkpoint that ships, by name");

    writeFileSync(join(project, "use.ts"), use);
    run(project, "npm", "install", "--no-audit", "--no-fund", "-D", "@types/node@24");
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--types", "node"];
    const tsc = packagePath("node_modules", ".bin", "tsc");
    run(project, tsc, ...strict, "--skipLibCheck", "false", "--ignoreConfig", "use.ts");
    console.log("✓ a consumer compiles with skipLibCheck: false");
    const said = run(project, "node", "use.ts");
    expectThat(said.includes("nowhere"), `the consumer's run says what is not there, got ${said.trim()}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
