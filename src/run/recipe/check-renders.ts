import type { Recipe } from "../../contracts/recipe.ts";
import { isOfDocuments } from "../../datasets/sources/of-documents.ts";
import { hasRender, plainDocuments, rendersOf } from "../../mixing/renders.ts";
import type { Problem } from "../../recipe/validate.ts";

const buildIt = "`build: { name: continuation }` (or another builder of docs/data.md) under it";

/**
 * Instruction tuning learns answers in the chat form, pretraining and LCAT plain documents; a dataset of the
 * other kind may stand beside. Documents are no chats as they are.
 */
export async function checkRenders(recipe: Recipe): Promise<Problem[]> {
  return [...(await checkDocuments(recipe)), ...(await checkObjective(recipe))];
}

async function checkDocuments({ data }: Recipe): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [i, dataset] of data.datasets.entries()) {
    if (dataset.render !== "chat" || !(await isOfDocuments(dataset))) continue;
    const message =
      "expected questions and answers for chats, got plain documents. Write " +
      `${buildIt}, or \`render: text\``;
    problems.push({ path: ["data", "datasets", i, "render"], message });
  }
  return problems;
}

async function checkObjective(recipe: Recipe): Promise<Problem[]> {
  const { finetune, mix, data } = recipe;
  const { objective } = finetune;
  const render = objective === "instruct" ? "chat" : "text";
  if (hasRender({ ...mix, renders: await rendersOf(recipe) }, render)) return [];
  const plain = await plainDocuments(recipe);
  const first = data.datasets.findIndex(({ name }) => plain.includes(name));
  if (first >= 0) {
    const message =
      "expected questions and answers, which finetune.objective instruct learns from, got plain documents " +
      `alone. For chats made of them write ${buildIt}; to train on the texts as they are, \`mix: ` +
      "{ render: text }` and `finetune: { objective: pretrain }`";
    return [{ path: ["data", "datasets", first], message }];
  }
  const got = mix.render === render ? "no dataset that is rendered so" : mix.render;
  const message = `expected ${render}, which finetune.objective ${objective} learns from, got ${got}`;
  return [{ path: ["mix", "render"], message }];
}
