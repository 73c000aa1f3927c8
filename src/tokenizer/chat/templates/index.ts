import type { BuiltInTemplate } from "./built-in.ts";
import { chatml } from "./chatml.ts";
import { llama3 } from "./llama3.ts";
import { zebra } from "./zebra.ts";

/** Chat templates by the names that `model.chat_template` takes. One line each, in `templates/NAME.ts`. */
export const chatTemplateCatalog = { chatml, llama3, zebra } as const satisfies Record<
  string,
  BuiltInTemplate
>;
