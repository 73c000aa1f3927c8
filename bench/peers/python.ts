import { spawnSync } from "node:child_process";

/** A Python with the packages to compare with: ZEBRATUNE_PEERS_PYTHON=/path/to/python. */
export const python = process.env.ZEBRATUNE_PEERS_PYTHON;

/** Why scripts with these modules cannot run here; "" where they can. */
export function whyNoPeer(...modules: string[]): string {
  if (!python) return "ZEBRATUNE_PEERS_PYTHON is not set";
  const probe = spawnSync(python, ["-c", `import ${modules.join(", ")}`], { encoding: "utf8" });
  if (probe.status === 0) return "";
  return `${python}: ${probe.error?.message ?? probe.stderr.trim().split("\n").at(-1)}`;
}
