import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../../files.ts";

/** Items of each benchmark, for who looks at an evaluation that runs or was stopped. */
export type Plan = Record<string, number>;

/** Adds counts to the plan in a file; those of the same name are replaced. */
export async function addToPlan(path: string, counts: Plan): Promise<void> {
  const before = await readPlan(path);
  if (Object.entries(counts).every(([name, items]) => before[name] === items)) return;
  await writeFileAtomic(path, `${JSON.stringify({ ...before, ...counts }, null, 2)}\n`);
}

/** Empty where there is none. */
export async function readPlan(path: string): Promise<Plan> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Plan;
  } catch {
    return {};
  }
}
