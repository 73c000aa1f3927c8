import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";

/** The files of a Hugging Face folder that belong to a tokenizer. None is required. */
const tokenizerFiles = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "tokenizer.model",
  "chat_template.jinja",
  "generation_config.json",
];
/** A folder of chat templates for other conversations, as those with tools. */
const moreTemplates = "additional_chat_templates";

/**
 * Copies the tokenizer's files from the folder `from` into `to`, byte for byte. Throws CheckpointError where
 * `from` is no folder.
 */
export async function carryTokenizer(from: string, to: string): Promise<void> {
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new CheckpointError(`${from}: expected a folder with tokenizer files, got none. Check the path.`);
  }
  const more = await readdir(join(from, moreTemplates)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return [];
  });
  if (more.length > 0) await mkdir(join(to, moreTemplates), { recursive: true });
  for (const name of [...tokenizerFiles, ...more.map((one) => join(moreTemplates, one))]) {
    const bytes = await readFile(join(from, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    if (bytes) await writeFileAtomic(join(to, name), bytes);
  }
}
