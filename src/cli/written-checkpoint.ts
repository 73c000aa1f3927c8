import { readdir } from "node:fs/promises";
import { type Command, Option } from "commander";
import { type WeightDtype, weightDtypes } from "../checkpoint/safetensors/dtype.ts";
import { UsageError } from "./exit.ts";

export interface WrittenFlags {
  dtype?: keyof typeof weightDtypes;
  overwrite?: boolean;
}

/** Adds `--dtype` and `--overwrite` to a command that writes a checkpoint. */
export function addWrittenOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--dtype <name>", "number format (default: as it is)").choices(Object.keys(weightDtypes)),
    )
    .option("--overwrite", "replace a checkpoint that is there already");
}

/**
 * How to write the checkpoint. Throws UsageError when `to` exists and the flags do not allow replacing it.
 */
export async function writtenAs(to: string, flags: WrittenFlags): Promise<{ dtype?: WeightDtype }> {
  const taken = await readdir(to).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : [error.code],
  );
  if (taken.length > 0 && !flags.overwrite) {
    throw new UsageError(
      `${to}: expected a free name, got something there. --overwrite replaces an older checkpoint.`,
    );
  }
  return flags.dtype === undefined ? {} : { dtype: weightDtypes[flags.dtype] };
}
