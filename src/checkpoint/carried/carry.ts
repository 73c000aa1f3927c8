import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../../errors.ts";
import { writeFileAtomic } from "../../files.ts";
import {
  carriedFiles,
  generationConfigFile,
  moreTemplatesFolder,
  tokenizerFile,
} from "../../tokenizer-file-names.ts";

/** What a training changes in the files that go with a model. */
export interface Tuned {
  /** The chat template that it was trained with in place of the folder's own; null: its own. */
  chatTemplate: string | null;
  /** The whole content of generation_config.json. */
  generationConfig: Readonly<Record<string, unknown>>;
}

/**
 * Copies the tokenizer's files from the folder `from` into `to`, byte for byte but for what is `tuned`.
 * Throws CheckpointError where `from` is no folder.
 */
export async function carryTokenizer(from: string, to: string, tuned?: Tuned): Promise<void> {
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new CheckpointError(`${from}: expected a folder with tokenizer files, got none. Check the path.`);
  }
  const chatTemplate = tuned?.chatTemplate ?? null;
  // A chosen template is for conversations of every kind.
  const more = chatTemplate === null ? await namesIn(join(from, moreTemplatesFolder)) : [];
  if (more.length > 0) await mkdir(join(to, moreTemplatesFolder), { recursive: true });
  for (const name of [...carriedFiles, ...more.map((one) => join(moreTemplatesFolder, one))]) {
    const bytes = await readFile(join(from, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    if (bytes) await writeFileAtomic(join(to, name), bytes);
  }
  if (chatTemplate !== null) await writeFileAtomic(join(to, tokenizerFile.chatTemplate), chatTemplate);
  if (tuned) {
    const json = `${JSON.stringify(tuned.generationConfig, null, 2)}\n`;
    await writeFileAtomic(join(to, generationConfigFile), json);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return [];
  });
}
