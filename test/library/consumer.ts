import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packagePath } from "../../src/package-root.ts";

/** A project of somebody else in an empty folder, with the built package and Node's types installed. */
export async function makeConsumer(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "zebra-consumer-"));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, "@types"), { recursive: true });
  await symlink(packagePath(), join(modules, "zebratune"));
  for (const name of ["@types/node", "undici-types"])
    await symlink(packagePath("node_modules", name), join(modules, name));
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "consumer", "type": "module", "private": true }\n',
  );
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "esnext.disposable"],
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  if (!existsSync(packagePath("dist", "src", "index.d.ts")))
    throw new Error("expected dist/, which npm run build makes");
  return folder;
}

/** What a process wrote and its exit code. Nothing ends it: it must end by itself. */
export async function runNode(cwd: string, args: string[]) {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1" } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

/** `tsc` over a consumer's folder. */
export function compile(folder: string) {
  return runNode(folder, [packagePath("node_modules", "typescript", "bin", "tsc"), "-p", folder]);
}
