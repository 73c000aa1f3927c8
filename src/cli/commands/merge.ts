import { resolve } from "node:path";
import type { Command } from "commander";
import { quoteForShell } from "../../quote.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { baseHelp } from "../options/base-option.ts";
import { addExamples } from "../recipe/recipe-command.ts";
import { addWrittenOptions, type WrittenFlags, writtenAs } from "../written-checkpoint.ts";

interface MergeFlags extends WrittenFlags {
  base?: string;
}

/** `zebra merge`: an adapter and its base as one checkpoint. */
export function registerMerge(program: Command): void {
  const command = program
    .command("merge")
    .summary("write an adapter and its base as one checkpoint")
    .description(
      "Merge a PEFT adapter (LoRA, rsLoRA) into its base model and write the result in Hugging Face's " +
        "ministral form, in the base's number format. Tokenizer files are copied. Weights are read " +
        "and written one tensor at a time. Other commands take an adapter's folder directly.",
    )
    .argument("<adapter>", "adapter folder (adapter_config.json, adapter_model.safetensors)")
    .argument("<to>", "folder to write")
    .option("--base <dir>", baseHelp);
  addWrittenOptions(command).action(async (adapter: string, to: string, flags: MergeFlags) => {
    const written = await writtenAs(to, flags);
    const { convertCheckpoint } = await import("../../checkpoint/convert.ts");
    const { isAdapter } = await import("../../checkpoint/model-folder.ts");
    if (!(await isAdapter(adapter)))
      throw new UsageError(`${adapter}: expected an adapter folder, got none with an adapter_config.json`);
    await convertCheckpoint(adapter, resolve(to), {
      ...written,
      ...(flags.base === undefined ? {} : { base: flags.base }),
    });
    process.stdout.write(`${to}\n\nnext  zebra generate --checkpoint ${quoteForShell(to)} --prompt "..."\n`);
    await exit(exitCode.ok);
  });
  addExamples(command, [
    ["zebra merge runs/lora/train/adapter runs/merged", "into the base that the adapter names"],
    [
      "zebra merge downloads/adapter runs/merged --base checkpoints/zebra-nano-lcat --dtype bfloat16",
      "into a base elsewhere, at half the size of float32",
    ],
  ]);
}
