import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DeviceSpec } from "../../contracts/recipe.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { baseHelp } from "../options/base-option.ts";
import { deviceOption } from "../options/device-option.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface GenerateFlags {
  checkpoint: string;
  base?: string;
  device: DeviceSpec;
  prompt?: string;
  promptFile?: string;
  contextFile?: string;
  maxNewTokens: number;
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  repetitionPenalty: number;
  seed: number;
  chat: boolean;
}

/** `zebra generate`: a checkpoint's answer to one prompt, streamed to stdout. */
export function registerGenerate(program: Command): void {
  const command = program
    .command("generate")
    .summary("let a checkpoint answer a prompt")
    .description("Let a checkpoint answer a prompt. The text goes to stdout while it is generated.")
    .requiredOption("--checkpoint <dir>", "checkpoint folder, or a PEFT adapter's")
    .addOption(new Option("--model <dir>").hideHelp().argParser(notModel))
    .option("--base <dir>", baseHelp)
    .addOption(new Option("--prompt <text>", "the prompt").conflicts("promptFile"))
    .option("--prompt-file <file>", "a file with the prompt; - reads stdin")
    .option("--context-file <file>", "a document to put before the prompt")
    .addOption(deviceOption().default("auto"))
    .option("--max-new-tokens <n>", "generate at most this many tokens", wholeNumber, 256)
    .option("--temperature <t>", "0 always takes the most likely token", atLeastZero, 0)
    .option("--top-k <k>", "draw from the k most likely tokens; 0: from all", wholeNumber, 0)
    .option("--top-p <p>", "draw from the most likely tokens that together have this probability", share, 1)
    .option(
      "--min-p <p>",
      "draw from tokens at least this share as likely as the most likely one",
      upToOne,
      0,
    )
    .option(
      "--repetition-penalty <x>",
      "make tokens that already occur less likely; 1 turns it off",
      aboveZero,
      1,
    )
    .option("--seed <n>", "seed of the draws", wholeNumber, 42)
    .option("--no-chat", "continue the text as it is, without the chat template")
    .action(async (flags: GenerateFlags) => {
      const prompt = await readPrompt(flags);
      const { generateText } = await import("../generate-text.ts");
      await generateText({ ...flags, prompt, write: (text) => process.stdout.write(text) });
      process.stdout.write("\n");
      await exit(exitCode.ok);
    });
  addExamples(command, [
    [
      'zebra generate --checkpoint runs/quickstart/train/final --prompt "Who gave this address?" ' +
        "--context-file address.txt",
      "a question about a document",
    ],
    [
      "zebra generate --checkpoint checkpoints/zebra-nano-lcat --no-chat --prompt 'Call me' " +
        "--temperature 0.8 --top-k 40 --min-p 0.05",
      "continue a text",
    ],
    [
      "zebra generate --checkpoint checkpoints/zebra-nano-lcat --no-chat --prompt 'Call me' --device webgpu",
      "on a GPU; zebra doctor says which devices can be used",
    ],
    [
      "zebra generate --checkpoint runs/lora/train/adapter --prompt 'Who gave this address?' " +
        "--context-file address.txt",
      "with a PEFT adapter; its base is where its adapter_config.json says, or --base DIR",
    ],
    [
      "cat prompt.txt | zebra generate --checkpoint runs/quickstart/train/final --prompt-file -",
      "the prompt from stdin",
    ],
  ]);
}

/** The user's message: the document, an empty line, then the prompt. */
async function readPrompt(flags: GenerateFlags): Promise<string> {
  const { prompt: given, promptFile, contextFile } = flags;
  if (given === undefined && promptFile === undefined) {
    throw new UsageError("generate: expected --prompt or --prompt-file, got neither");
  }
  const prompt = given ?? (await readText("--prompt-file", promptFile ?? "-")).replace(/\n$/, "");
  const context = contextFile === undefined ? "" : `${await readText("--context-file", contextFile)}\n\n`;
  return context + prompt;
}

async function readText(option: string, path: string): Promise<string> {
  if (path === "-") return new Response(process.stdin as never).text();
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${option} ${path}: expected a text file, got ${error.code ?? error.message}`);
  });
}

function wholeNumber(text: string): number {
  return number(text, "a whole number", (n) => Number.isSafeInteger(n) && n >= 0);
}

function atLeastZero(text: string): number {
  return number(text, "a number of at least 0", (n) => n >= 0 && Number.isFinite(n));
}

function aboveZero(text: string): number {
  return number(text, "a number above 0", (n) => n > 0 && Number.isFinite(n));
}

function upToOne(text: string): number {
  return number(text, "a number from 0 to 1", (n) => n >= 0 && n <= 1);
}

function share(text: string): number {
  return number(text, "a number above 0 and up to 1", (n) => n > 0 && n <= 1);
}

function number(text: string, expected: string, isFit: (n: number) => boolean): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!isFit(value)) throw new InvalidArgumentError(`expected ${expected}, got ${JSON.stringify(text)}`);
  return value;
}

/** What other tools call it. */
function notModel(dir: string): never {
  throw new UsageError(`--model: expected --checkpoint, got another name for it. Write --checkpoint ${dir}`);
}
