import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe } from "../../contracts/recipe.ts";
import { ZebraError } from "../../errors.ts";
import { hasRender, rendersOf } from "../../mixing/renders.ts";
import type { Problem } from "../../recipe/validate.ts";
import { hasOwnTemplate } from "../../tokenizer/chat/template.ts";
import { builtInTemplate, readChosenTemplate } from "../../tokenizer/chat/templates/chosen-template.ts";
import { chatTemplateCatalog } from "../../tokenizer/chat/templates/index.ts";
import { missingTokens, whyUntrainable } from "../../tokenizer/chat/templates/try-template.ts";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { tokenizerFile } from "../../tokenizer-file-names.ts";
import { tokenizerDirOf } from "../state/models.ts";

const names = Object.keys(chatTemplateCatalog).join(", ");

/**
 * What is wrong with the chat template that a recipe names, or with a recipe that names none for a tokenizer
 * without one. Looked at before any data are made. What is wrong with the tokenizer itself is told elsewhere.
 */
export async function checkTemplate(recipe: Recipe): Promise<Problem[]> {
  const { chat_template: named } = recipe.model;
  const isChat = hasRender({ ...recipe.mix, renders: await rendersOf(recipe) }, "chat");
  if (named === undefined && !isChat) return [];
  try {
    const message = await templateProblem(recipe, named, isChat);
    return message === null ? [] : [{ path: ["model", "chat_template"], message }];
  } catch (error) {
    // Damaged JSON, which the tokenizer's own checks tell better.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

async function templateProblem(
  recipe: Recipe,
  named: string | undefined,
  isChat: boolean,
): Promise<string | null> {
  if (named !== undefined) {
    const problem = await readChosenTemplate(named).then(
      () => null,
      (error: Error) => error.message,
    );
    if (problem !== null) return problem;
  }
  const dir = await tokenizerDirOf(recipe).catch(() => null);
  if (dir === null || !existsSync(join(dir, tokenizerFile.tokens))) return null;
  if (named === undefined) {
    if ((await hasOwnTemplate(dir)) || !(await isTokenizer(join(dir, tokenizerFile.tokens)))) return null;
    return (
      `expected ${names} or a template's file, as the tokenizer in ${dir} has no chat template, got ` +
      "nothing. Set it (chatml is the most common), or train on plain text: mix.render: text"
    );
  }
  try {
    return await misfit(dir, named, isChat);
  } catch (error) {
    if (error instanceof ZebraError) return error.message;
    throw error;
  }
}

async function isTokenizer(path: string): Promise<boolean> {
  const json: unknown = JSON.parse(await readFile(path, "utf8"));
  return typeof json === "object" && json !== null && "model" in json;
}

/** Why a template and a tokenizer do not go together; null where they do. */
async function misfit(dir: string, named: string, isChat: boolean): Promise<string | null> {
  const tokenizer = await loadTokenizer(dir, { chatTemplate: named });
  const builtIn = builtInTemplate(named);
  const missing = await missingTokens(tokenizer, builtIn);
  const hint =
    `Take another of ${names}, or a file, or give the tokenizer these tokens (added_tokens of ` +
    `${tokenizerFile.tokens}, in place of ids that the model has and does not use).`;
  if (builtIn && missing.length > 0)
    return `expected a tokenizer with ${missing.join(", ")}, which ${named} writes, got ${dir} without. ${hint}`;
  const why = isChat ? await whyUntrainable(tokenizer) : null;
  if (why === null) return null;
  const lacks = missing.length > 0 ? ` The tokenizer has no ${missing.join(", ")}. ${hint}` : "";
  return `expected a template that ${dir} can be trained with, got ${named}: ${why}${lacks}`;
}
