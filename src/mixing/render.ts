import type { Example } from "../datasets/example.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { isTrained, type Rendered, renderChats, renderTexts } from "../tokenizer/chat.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

/** Examples as token ids and masks, by the one renderer that evaluation uses too. Same order as given. */
export async function renderExamples(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  render: MixSpec["render"],
): Promise<Rendered[]> {
  if (render === "chat")
    return renderChats(
      tokenizer,
      examples.map(({ messages }) => messages),
    );
  return renderTexts(tokenizer, examples.map(textOf));
}

/** What `render: text` learns from: the trained messages of an example, in order. */
function textOf({ messages }: Example): string {
  return messages
    .filter(isTrained)
    .map(({ content }) => content)
    .join("\n\n");
}

/** How many tokens the loss is on. The first token of a sequence has nothing before it to be predicted from. */
export function supervisedCount({ trained }: Rendered): number {
  let count = 0;
  for (let t = 1; t < trained.length; t++) count += trained[t]!;
  return count;
}
