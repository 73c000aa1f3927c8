import type { Command } from "commander";
import { describeFailure } from "../../run/failure.ts";
import type { Check, Finding } from "../doctor/doctor-checks.ts";
import { exit, exitCode, isDebug } from "../exit.ts";
import { type Style, styleFor } from "../output/style.ts";
import { addExamples } from "../recipe/recipe-command.ts";

/** `zebra doctor`: whether this machine has what zebratune needs, and what to do about what is missing. */
export function registerDoctor(program: Command): void {
  const command = program
    .command("doctor")
    .summary("check what the toolkit needs here")
    .description(
      "Check what the toolkit needs on this machine, and say what to do where something is missing.",
    )
    .action(async () => {
      const needed = await import("../doctor/doctor-checks.ts");
      const { deviceChecks } = await import("../doctor/doctor-devices.ts");
      const checks = [...needed.checks, ...deviceChecks];
      const style = styleFor(process.stdout);
      let failed = 0;
      for (const check of checks) {
        const finding = await find(check);
        if (finding.state === "fail") failed++;
        process.stdout.write(`${formatFinding(check.name, finding, style)}\n`);
      }
      const verdict =
        failed === 0 ? "Everything that is needed works." : `${failed} of ${checks.length} checks failed.`;
      process.stdout.write(`\n${verdict}\n`);
      await exit(failed === 0 ? exitCode.ok : exitCode.failed);
    });
  addExamples(command, [
    ["zebra doctor", "a line for each thing that is needed"],
    ["ZEBRA_DEBUG=1 zebra doctor", "with the stack of what went wrong"],
  ]);
}

/** `✓ Name  detail`, with the advice on a second line. */
export function formatFinding(name: string, { state, detail, advice }: Finding, style: Style): string {
  const mark = { ok: style.green("✓"), warn: style.yellow("!"), fail: style.red("✗") }[state];
  return `${mark} ${name.padEnd(10)} ${detail}${advice === "" ? "" : `\n    → ${advice}`}`;
}

async function find(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    const { message, stack } = describeFailure(error);
    const detail = isDebug() ? `${message}\n${stack}` : (message.split("\n")[0] ?? "");
    return { state: "fail", detail, advice: check.remedy };
  }
}
