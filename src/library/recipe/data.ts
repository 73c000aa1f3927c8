// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

import type { Builder } from "./builders.ts";
import type { CurateInput } from "./curate.ts";
import type { CatalogName } from "./names.ts";

/** What is read, and which documents are held out. */
export interface DataInput {
  /** Sources: entries of the catalog, local files, or datasets of the Hub. */
  datasets: readonly DatasetInput[];
  /** Which licences datasets may have. Without it a mix that does not go together is a warning. */
  licenses?:
    | {
        /**
         * SPDX ids, as the datasets' cards name them. A dataset of another licence stops the run before anything
         * is built.
         */
        allow: readonly string[];
      }
    | undefined;
  /**
   * Shares of the documents (not of the examples) held out. The split of a document depends on its id only.
   */
  split?:
    | {
        /** Share of the documents for the validation loss. Default: 0.04. */
        validation?: number | undefined;
        /** Share of the documents kept for the benchmarks. Default: 0.06. */
        test?: number | undefined;
      }
    | undefined;
  /**
   * What is taken out of the examples before they are written. Every example that goes is in the ledger, with
   * the reason.
   */
  curate?: CurateInput | undefined;
}

/** One source: a catalog entry, a path, or a dataset of the Hub. Exactly one of the three. */
export interface DatasetInput {
  /** Name in the outputs. Default: the catalog entry, or the file's base name. */
  name?: string | undefined;
  /** An entry of the catalog (src/datasets/catalog/entries). */
  catalog?: CatalogName | undefined;
  /** A local file, or a folder that is read recursively. */
  path?: string | undefined;
  /**
   * A dataset of the Hugging Face Hub, `owner/name`. HF_TOKEN, HF_HOME, HF_ENDPOINT and HF_HUB_OFFLINE are
   * honoured.
   */
  hub?: string | undefined;
  /** Branch, tag or commit on the Hub. What it stands for is written down as a commit. Default: main. */
  revision?: string | undefined;
  /** Configuration of a Hub dataset (a subset), as its card names them. */
  config?: string | undefined;
  /** Files of a Hub dataset: a glob or a list of them. Default: what its card says, else by their names. */
  data_files?: string | readonly string[] | undefined;
  /**
   * Of a Hub dataset the split that is read (default: train). Of a path the split that its rows are in:
   * validation, test, or train for all files, whatever they are called. Default: what the files' names say,
   * else train, of which `data.split` holds out a share.
   */
  split?: string | undefined;
  /**
   * How rows of any columns become examples: a conversation (messages), columns (instruction, input, output)
   * or templates (prompt, response).
   */
  fields?: FieldsInput | undefined;
  /** Shape of the rows or files. Default: told from the file's ending and, row by row, the columns. */
  format?:
    | "messages"
    | "sharegpt"
    | "prompt-completion"
    | "alpaca"
    | "text"
    | "markdown"
    | "html"
    | "pdf"
    | undefined;
  /** Turns of one role in a row become one. Without it their row is dropped. */
  join_consecutive?: boolean | undefined;
  /** Task of every example of this source, where rows do not say it. */
  task?: "summarization" | "qa" | "writing" | "other" | undefined;
  /**
   * How the mix renders its examples: plain text beside chats, or chats beside plain text. Default:
   * mix.render.
   */
  render?: "chat" | "text" | undefined;
  /** SPDX id of the source's licence, written to the dataset card. */
  license?: string | undefined;
  /**
   * Long examples that are built from the documents of a source: questions, summaries, continuations,
   * needles; or what a teacher model writes about them.
   */
  build?: Builder | undefined;
  /** At most this many examples, taken evenly over the source. */
  limit?: number | undefined;
  /** Settings of a catalog entry or of a format of local files. */
  options?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/**
 * How rows of any columns become examples: a conversation (messages), columns (instruction, input, output) or
 * templates (prompt, response).
 */
export interface FieldsInput {
  /** Column or path of the list of turns. */
  messages?: string | undefined;
  /** Key of the speaker inside a turn. Default: role. */
  role?: string | undefined;
  /** Key of the text inside a turn. Default: content. */
  content?: string | undefined;
  /** Key inside a turn of whether it is trained: true or false, 1 or 0. */
  train?: string | undefined;
  /** Column or path of the tools that a conversation may call: a list of functions, or JSON of one. */
  tools?: string | undefined;
  /** Column or path of the instruction (Alpaca's form). */
  instruction?: string | undefined;
  /** Column or path of the document that the instruction is about; it alone may be shortened. */
  input?: string | undefined;
  /** Column or path of the answer. */
  output?: string | undefined;
  /** Column or path of earlier [question, answer] pairs. */
  history?: string | undefined;
  /** The user's message, with {{column}} or {{path.into.it}} where values go. */
  prompt?: string | undefined;
  /** The assistant's message, with {{column}} where values go. */
  response?: string | undefined;
  /** Column or path in `prompt` that is the document, which alone may be shortened. */
  context?: string | undefined;
  /** The system message, with {{column}} where values go; blank: none. */
  system?: string | undefined;
  /** Column or path of the right answers (a text or a list of texts), for benchmarks. */
  answers?: string | undefined;
  /** Column or path of the row's id. */
  id?: string | undefined;
  /** Column or path of the document's id: rows of one document are never in two splits. */
  document?: string | undefined;
  /** Names that roles have in the data besides the usual ones, for example { assistant: [bot] }. */
  roles?:
    | {
        /** Names of the system role. */
        system?: readonly string[] | undefined;
        /** Names of the user role. */
        user?: readonly string[] | undefined;
        /** Names of the assistant role. */
        assistant?: readonly string[] | undefined;
        /** Names of the tool role. */
        tool?: readonly string[] | undefined;
      }
    | undefined;
}
