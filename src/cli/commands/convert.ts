import { resolve } from "node:path";
import type { Command } from "commander";
import { formatCount } from "../../format.ts";
import { shippedOrLocal } from "../../package-root.ts";
import { quoteForShell } from "../../quote.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { refuseNoModel } from "../options/given-model.ts";
import { addExamples } from "../recipe/recipe-command.ts";
import { addWrittenOptions, type WrittenFlags, writtenAs } from "../written-checkpoint.ts";

interface ConvertFlags extends WrittenFlags {
  group?: number;
  window?: number;
}

/** `zebra convert`: a checkpoint as a Zebra, or in another number format. */
export function registerConvert(program: Command): void {
  const command = program
    .command("convert")
    .summary("write a Llama as a Zebra, or another number format")
    .description(
      "Write a checkpoint in Hugging Face's ministral form: a Llama with Zebra's grouped layers " +
        "(--group, --window), any checkpoint in another number format. Tokenizer files are copied. " +
        "Weights are read and written one tensor at a time.",
    )
    .argument("<from>", "checkpoint folder (llama, mistral, ministral, the Zebra authors')")
    .argument("<to>", "folder to write")
    .option("--group <n>", "layer i is global when i % n == 0, the others are local", atLeastOne)
    .option("--window <w>", "keys that a query of a local layer sees, itself included", atLeastOne);
  addWrittenOptions(command).action(async (given: string, to: string, flags: ConvertFlags) => {
    const from = shippedOrLocal(given);
    const { group, window } = flags;
    if ((group === undefined) !== (window === undefined)) {
      throw new UsageError("convert: expected --group and --window together, got only one of them");
    }
    const written = await writtenAs(to, flags);
    const { convertCheckpoint } = await import("../../checkpoint/convert.ts");
    const { isAdapter } = await import("../../checkpoint/model-folder.ts");
    if (await isAdapter(from)) {
      // An adapter fits only the layout it was trained in.
      throw new UsageError(
        `${from}: expected a whole model, got a PEFT adapter. Merge it first: zebra merge ${from} OUT`,
      );
    }
    await refuseNoModel("convert", from);
    await convertCheckpoint(resolve(from), resolve(to), {
      ...(group === undefined || window === undefined ? {} : { layout: { group, window } }),
      ...written,
    });
    for (const line of nextSteps(to, window)) process.stdout.write(`${line}\n`);
    await exit(exitCode.ok);
  });
  addExamples(command, [
    [
      "zebra convert checkpoints/my-llama runs/my-zebra --group 4 --window 512",
      "a Llama with one global layer in four; adapt it with objective: lcat next",
    ],
    ["zebra convert runs/quickstart/train/final runs/small --dtype bfloat16", "half the size of float32"],
  ]);
}

/** The folder first, alone on its line, for scripts; then what to do with it. */
function nextSteps(to: string, window: number | undefined): string[] {
  const folder = quoteForShell(to);
  if (window === undefined) {
    return [to, "", `next  zebra generate --checkpoint ${folder} --prompt "..."`];
  }
  return [
    to,
    "",
    `Its local layers see ${formatCount(window)} tokens now, which it was not trained for. Until it is adapted`,
    "it predicts longer texts worse: a Llama of 135M parameters went from 3.53 to 4.14 nats a token beyond",
    "a window of 512.",
    "",
    "next  adapt it on plain long texts, in a recipe with",
    `        model: { checkpoint: ${quoteForShell(to)} }`,
    "        mix: { render: text, max_seq_tokens: ... }",
    "        finetune: { objective: lcat }",
    "      then fine-tune that run's train/final. recipes/lcat-nano.yaml is an example.",
  ];
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`expected a whole number from 1, got ${JSON.stringify(text)}`);
  }
  return value;
}
