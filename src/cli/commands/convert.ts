import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { exit, exitCode, UsageError } from "../exit.ts";
import { addExamples } from "../recipe-command.ts";

interface Flags {
  group?: number;
  window?: number;
  dtype?: keyof typeof dtypes;
  base?: string;
  overwrite?: boolean;
}

const dtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const;

/** `zebra convert`: a checkpoint or an adapter as a Zebra checkpoint. */
export function registerConvert(program: Command): void {
  const command = program
    .command("convert")
    .summary("write a Llama as a Zebra, merge an adapter")
    .description(
      "Write a checkpoint anew in Hugging Face's ministral form: a Llama with Zebra's grouped layers (--group, --window), any checkpoint in another number format, a PEFT adapter merged into its base model. Tokenizer files go along. Weights pass one tensor at a time.",
    )
    .argument(
      "<from>",
      "checkpoint folder (llama, mistral, ministral, the Zebra authors'), or a PEFT adapter's",
    )
    .argument("<to>", "folder to write")
    .option("--group <n>", "layer i is global when i % n == 0, the others are local", atLeastOne)
    .option("--window <w>", "keys that a query of a local layer sees, itself included", atLeastOne)
    .addOption(new Option("--dtype <name>", "number format (default: as it is)").choices(Object.keys(dtypes)))
    .option("--base <dir>", "the adapter's base model, instead of what adapter_config.json says")
    .option("--overwrite", "replace a checkpoint that is there already")
    .action(async (from: string, to: string, flags: Flags) => {
      const { group, window, dtype, base } = flags;
      if ((group === undefined) !== (window === undefined)) {
        throw new UsageError("convert: expected --group and --window together, got only one of them");
      }
      const taken = await readdir(to).catch((): string[] => []);
      if (taken.length > 0 && !flags.overwrite) {
        throw new UsageError(
          `${to}: expected a free name, got a folder with files. --overwrite replaces it.`,
        );
      }
      const { convertCheckpoint } = await import("../../checkpoint/convert.ts");
      await convertCheckpoint(resolve(from), resolve(to), {
        ...(group === undefined || window === undefined ? {} : { layout: { group, window } }),
        ...(dtype === undefined ? {} : { dtype: dtypes[dtype] }),
        ...(base === undefined ? {} : { base }),
      });
      process.stdout.write(`${to}\n`);
      await exit(exitCode.ok);
    });
  addExamples(command, [
    [
      "zebra convert checkpoints/my-llama runs/my-zebra --group 4 --window 512",
      "a Llama with one global layer in four; adapt it with objective: lcat next",
    ],
    ["zebra convert runs/quickstart/train/final runs/small --dtype bfloat16", "half the size of float32"],
    [
      "zebra convert runs/lora/train/adapter runs/merged --base checkpoints/zebra-nano-lcat",
      "a PEFT adapter merged into its base",
    ],
  ]);
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`expected a whole number from 1, got ${JSON.stringify(text)}`);
  }
  return value;
}
