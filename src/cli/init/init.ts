import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { findModel } from "../../checkpoint/model-folder.ts";
import { writeFileAtomic } from "../../files.ts";
import { peakBytes } from "../../finetune/forecast/memory.ts";
import { modelConfig, trainingOf } from "../../finetune/open-network.ts";
import { settingsOf } from "../../finetune/update/settings.ts";
import { formatBytes, formatCount } from "../../format.ts";
import { parameterCount } from "../../model/cost.ts";
import { shippedOrLocal } from "../../package-root.ts";
import { quoteForShell } from "../../quote.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { UsageError } from "../exit.ts";
import { refuseNoModel } from "../options/given-model.ts";
import { writeNote } from "../output/note.ts";
import { type Given, refuseNoDataset, usual } from "./ask.ts";
import type { Wish } from "./goal.ts";
import { type Found, look } from "./look.ts";
import { instructRecipe, lcatRecipe, nameOf } from "./recipe-text.ts";
import { halved, memoryHere, type Settings, settingsFor } from "./settings.ts";

export interface InitOptions {
  force: boolean;
  writeLine: (line: string) => void;
  /** How the user calls zebra: `zebra`, `npx zebra`. */
  zebra: string;
}

/** Looks at the data, writes a recipe for them and says what was found and what comes next. */
export async function init(given: Given, { force, writeLine, zebra }: InitOptions): Promise<void> {
  const { file } = given;
  const first = given.goal === "lcat" ? lcatFile(file) : undefined;
  for (const path of first ? [first, file] : [file]) if (!force) refuseExisting(path);
  const isHub = given.goal === "hub";
  const data = given.data ?? [];
  if (data.length === 0) throw new UsageError(noData);
  await refuseNoModel("--base", shippedOrLocal(given.base ?? usual.base));
  if (isHub) for (const name of data) refuseNoDataset(name);
  const seen = isHub ? [] : await look(data, writeNote);
  for (const one of seen) writeLine(told(one));
  // A kind of files of which none can be used (scans without text) would make datasets without an example.
  const found = seen.filter(({ kept }) => kept > 0);
  if (!isHub && found.length === 0)
    throw new UsageError(
      `${data.join(", ")}: expected documents or rows that can be used, got none. No recipe was written: ` +
        "it could not run. docs/data.md says what each reason means",
    );
  const wish = wishOf(given, found);
  const model = await modelAt(wish.base);
  writeLine(
    `${wish.base}: ${formatCount(model.parameters)} parameters, ` +
      `${model.isZebra ? "a Zebra" : "attention to all in every layer"}`,
  );
  const { chosen, charsPerToken } = await fitting(wish, found, model);
  if (first !== undefined) {
    await writeFileAtomic(first, lcatRecipe({ ...wish, file: first }, found, chosen, model.isZebra));
    const base = `runs/${nameOf(first)}/train/final`;
    await writeFileAtomic(file, instructRecipe({ ...wish, base }, found, chosen, first));
  } else await writeFileAtomic(file, instructRecipe(wish, found, chosen));
  writeLine("");
  if (!isHub)
    writeLine(
      `A token has about ${charsPerToken} characters. Documents: ${chosen.held.train} to train on, ` +
        `${chosen.held.validation} for validation, ${chosen.held.test} to measure by.`,
    );
  if (!isHub && chosen.held.test === 0) writeLine(nothingHeld(chosen.held.train));
  writeLine(`Wrote ${first === undefined ? file : `${first} and ${file}`}.`);
  writeLine("");
  for (const line of nextLines(first === undefined ? [file] : [first, file], zebra)) writeLine(line);
}

/** Why nothing can be measured, and what to do about it. */
function nothingHeld(documents: number): string {
  const all =
    documents === 1
      ? "It is one document, and all of it is trained on: nothing can be measured, neither while it trains nor after."
      : `${documents} documents are too few to hold any out: all are trained on, and nothing can be measured.`;
  return (
    `${all} With ten or more, some are held out. Or split a long one into files, or name documents to measure ` +
    "by: an entry of data.datasets with split: test."
  );
}

const noData =
  "init: expected --data with files or folders (or, with --for hub, owner/name), got none. For example: " +
  "zebra init my.yaml --data notes/";

/** Throws UsageError where a recipe would be written over. */
export function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new UsageError(`${path}: expected a name that is free, got a file. Name another, or --force`);
}

/** `my-lcat.yaml` for `my.yaml`. */
function lcatFile(file: string): string {
  const ending = extname(file);
  return `${file.slice(0, file.length - ending.length)}-lcat${ending || ".yaml"}`;
}

function wishOf(given: Given, found: readonly Found[]): Wish {
  const rows = found.filter(({ kind }) => kind === "rows");
  const documents = found.filter(({ kind }) => kind === "documents");
  const goal = given.goal ?? (rows.length > 0 ? "chat" : "documents");
  if (goal === "lcat" && documents.length < found.length)
    throw new UsageError(`${rows[0]!.path}: expected documents for --for lcat, got rows of ${rows[0]!.form}`);
  if (goal === "documents" && documents.length === 0)
    throw new UsageError(
      `${rows[0]!.path}: expected documents, got rows of ${rows[0]!.form}. Say --for chat`,
    );
  const isAsked = goal === "chat" || goal === "hub";
  const tasks = given.tasks ?? (isAsked && documents.length === 0 ? (["qa"] as const) : usual.tasks);
  return { goal, tasks, data: given.data ?? [], base: given.base ?? usual.base, file: given.file };
}

interface BaseModel {
  parameters: number;
  longest: number;
  isZebra: boolean;
  /** Of a text, about. */
  tokensOf(text: string): Promise<number>;
}

async function modelAt(base: string): Promise<BaseModel> {
  const checkpoint = shippedOrLocal(base);
  const config = await modelConfig({ checkpoint });
  const tokenizer = await loadTokenizer((await findModel(checkpoint)).tokenizer);
  return {
    parameters: parameterCount(config).total,
    longest: Math.max(512, config.max_position_embeddings ?? 4096),
    isZebra: config.layer_types.some((type) => type === "sliding_attention"),
    tokensOf: async (text) => (await tokenizer.encode(text)).length,
  };
}

/** Settings with which the recipe can be read and its training fits into the memory of this machine. */
async function fitting(
  wish: Wish,
  found: readonly Found[],
  model: BaseModel,
): Promise<{ chosen: Settings; charsPerToken: number }> {
  const sample = found.map((one) => one.sample.slice(0, 50_000)).join("\n");
  const perToken = sample.trim() === "" ? 4 : sample.length / (await model.tokensOf(sample));
  const charsPerToken = Math.max(0.5, Math.round(perToken * 10) / 10);
  let chosen = settingsFor(found, wish.tasks, {
    charsPerToken,
    parameters: model.parameters,
    longest: model.longest,
  });
  const folder = await mkdtemp(join(tmpdir(), "zebra-init-"));
  try {
    for (;;) {
      const path = join(folder, "recipe.yaml");
      await writeFileAtomic(path, instructRecipe({ ...wish, file: "recipe.yaml" }, found, chosen));
      const { model: base, finetune } = await loadRecipe(path);
      const config = await modelConfig(base);
      const { activation_checkpointing: checkpointing } = finetune;
      const form = { config, training: trainingOf(finetune), checkpointing, optimizer: settingsOf(finetune) };
      const pack = { segments: [chosen.maxSeqTokens], supervisedTokens: Math.ceil(chosen.maxSeqTokens / 4) };
      const { total } = await peakBytes(form, [pack]);
      if (total < 0.6 * memoryHere() || chosen.maxSeqTokens <= 512) return { chosen, charsPerToken };
      chosen = halved(chosen);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `notes: 12 files of markdown, 340 kB: 12 documents, 1,200–30,000 characters`. */
function told({
  path,
  form,
  files,
  sizeBytes,
  kind,
  kept,
  dropped,
  isWhole,
  documents,
  chars,
}: Found): string {
  const what = kind === "rows" ? "row" : "document";
  const about = kind === "rows" ? ` about ${counted(documents.size, "document")}` : "";
  const [least, most] = [Math.min(...chars), Math.max(...chars)].map(formatCount);
  const sizes = chars.length === 0 ? "" : `, ${least === most ? least : `${least}–${most}`} characters`;
  const lost = [...dropped].map(([reason, count]) => `${count} ${reason}`).join(", ");
  return (
    `${path}: ${files} ${files === 1 ? "file" : "files"} of ${form}, ${formatBytes(sizeBytes)}: ` +
    `${isWhole ? "" : "the first "}${counted(kept, what)}${about}${sizes}` +
    `${lost === "" ? "" : `; cannot be used: ${lost}`}`
  );
}

function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function nextLines(files: readonly string[], zebra: string): string[] {
  const last = quoteForShell(files.at(-1)!);
  const runs = files.map((file) => `${zebra} run ${quoteForShell(file)}`).join(" && ");
  if (files.length > 1) return ["Next:", `  ${runs}`];
  return [
    "Next:",
    `  ${zebra} data ${last} && ${zebra} mix ${last} && ${zebra} inspect ${last}   what the model will see`,
    `  ${zebra} plan ${last}   memory and time`,
    `  ${runs}   all of it, to a report`,
  ];
}
