import type { TaskDocuments } from "../../harness/requests/documents.ts";
import type { Generation } from "../../harness/requests/generation.ts";
import type { TaskConfig } from "../../harness/task-config.ts";

/** A task that is ready to be asked: everything that can be wrong with it has been looked at. */
export interface PreparedTask {
  config: TaskConfig;
  generation: Generation;
  numFewshot: number;
  /** Rows of the split. */
  original: number;
  /** The commit of a dataset of the Hub. */
  revision: string | undefined;
  made: TaskDocuments;
  warnings: string[];
}
