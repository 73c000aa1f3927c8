import { Type } from "@sinclair/typebox";
import { choice, mapping, optionalText, text } from "../../schema.ts";
import { tasks } from "../example.ts";
import { curateSchema } from "./curate.ts";
import { fieldsSchema } from "./fields.ts";
import { formatKey } from "./format.ts";
import { freeOptions, namePattern } from "./named.ts";

/** Keys of a dataset's `build`. */
export const buildSchema = mapping(
  {
    name: text("An entry of src/datasets/documents/builders."),
    options: Type.Optional(freeOptions("Settings of the builder.")),
  },
  {
    description:
      "Long examples that are built from the documents of a source: questions, summaries, continuations, " +
      "needles; or what a teacher model writes about them.",
  },
);

/** Keys of an entry of `data.datasets`. */
export const datasetSchema = mapping(
  {
    name: Type.Optional(
      Type.String({
        description: "Name in the outputs. Default: the catalog entry, or the file's base name.",
        pattern: namePattern,
      }),
    ),
    catalog: optionalText("An entry of the catalog (src/datasets/catalog/entries)."),
    path: optionalText("A local file, or a folder that is read recursively."),
    hub: Type.Optional(
      Type.String({
        description:
          "A dataset of the Hugging Face Hub, `owner/name`. HF_TOKEN, HF_HOME, HF_ENDPOINT and " +
          "HF_HUB_OFFLINE are honoured.",
        pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$",
      }),
    ),
    revision: optionalText(
      "Branch, tag or commit on the Hub. What it stands for is written down as a commit. Default: main.",
    ),
    config: optionalText("Configuration of a Hub dataset (a subset), as its card names them."),
    data_files: Type.Optional(
      Type.Unsafe<string | string[]>({
        description:
          "Files of a Hub dataset: a glob or a list of them. Default: what its card says, else by their " +
          "names.",
        type: ["string", "array"],
        items: { type: "string", minLength: 1 },
      }),
    ),
    split: optionalText(
      "Of a Hub dataset the split that is read (default: train). Of a path the split that its rows are in: " +
        "validation, test, or train for all files, whatever they are called. Default: what the files' names " +
        "say, else train, of which `data.split` holds out a share.",
    ),
    fields: Type.Optional(fieldsSchema),
    format: formatKey,
    join_consecutive: Type.Optional(
      Type.Boolean({
        description: "Turns of one role in a row become one. Without it their row is dropped.",
      }),
    ),
    task: Type.Optional(
      choice(tasks, { description: "Task of every example of this source, where rows do not say it." }),
    ),
    render: Type.Optional(
      choice(["chat", "text"], {
        description:
          "How the mix renders its examples: plain text beside chats, or chats beside plain text. " +
          "Default: mix.render.",
      }),
    ),
    license: optionalText("SPDX id of the source's licence, written to the dataset card."),
    build: Type.Optional(buildSchema),
    limit: Type.Optional(
      Type.Integer({
        description: "At most this many examples, taken evenly over the source.",
        minimum: 1,
      }),
    ),
    options: Type.Optional(
      Type.Unsafe<Record<string, string | number | boolean>>({
        description: "Settings of a catalog entry or of a format of local files.",
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean"] },
      }),
    ),
  },
  { description: "One source: a catalog entry, a path, or a dataset of the Hub. Exactly one of the three." },
);

/** Keys of `data`. */
export const dataSchema = mapping(
  {
    datasets: Type.Array(datasetSchema, {
      description: "Sources: entries of the catalog, local files, or datasets of the Hub.",
      minItems: 1,
    }),
    licenses: Type.Optional(
      mapping(
        {
          allow: Type.Array(Type.String({ minLength: 1 }), {
            description:
              "SPDX ids, as the datasets' cards name them. A dataset of another licence stops the run " +
              "before anything is built.",
            minItems: 1,
          }),
        },
        {
          description:
            "Which licences datasets may have. Without it a mix that does not go together is a warning.",
        },
      ),
    ),
    split: mapping(
      {
        validation: Type.Number({
          description: "Share of the documents for the validation loss.",
          minimum: 0,
          maximum: 1,
          default: 0.04,
        }),
        test: Type.Number({
          description: "Share of the documents kept for the benchmarks.",
          minimum: 0,
          maximum: 1,
          default: 0.06,
        }),
      },
      {
        description:
          "Shares of the documents (not of the examples) held out. The split of a document depends on its " +
          "id only.",
        default: {},
      },
    ),
    curate: Type.Optional(curateSchema),
  },
  { description: "What is read, and which documents are held out." },
);
