import { existsSync } from "node:fs";
import type { ForeignToolName } from "../foreign/index.ts";
import type { Fields, Left } from "./parts.ts";

/** An entry of `data.datasets`, and whether its rows are plain text. */
export interface Source {
  entry: Fields;
  isText: boolean;
}

/** The datasets of a config of each tool. What cannot be taken of them is added to `left`. */
export const datasetsOf: Readonly<
  Record<ForeignToolName, (config: Fields, left: Left[], info: Fields) => Source[]>
> = { axolotl: ofAxolotl, "llama-factory": ofLlamaFactory, trl: ofTrl };

/** Keys of each tool's config that say what the datasets are. */
export const datasetKeys: Readonly<Record<ForeignToolName, readonly string[]>> = {
  axolotl: ["datasets", "pretraining_dataset"],
  "llama-factory": ["dataset", "dataset_dir", "max_samples", "mix_strategy", "interleave_probs"],
  trl: ["dataset_name", "dataset_config", "dataset_train_split", "dataset_text_field", "datasets"],
};

function ofAxolotl(config: Fields, left: Left[]): Source[] {
  const pretraining = listOf(config.pretraining_dataset);
  const sources = listOf(config.datasets).map((given, i) =>
    axolotlSource(fieldsOf(given), `datasets.${i}`, left),
  );
  const texts = pretraining.map((given) => {
    const { path, name, split } = typeof given === "string" ? fieldsOf({ path: given }) : fieldsOf(given);
    return { entry: { ...placeOf(path), ...set("config", name), ...set("split", split) }, isText: true };
  });
  return [...sources, ...texts];
}

const axolotlTaken = new Set(
  (
    "path type ds_type data_files split revision name field_messages message_field_role message_field_content " +
    "message_property_mappings message_field_training field_tools roles roles_to_train train_on_eos"
  ).split(" "),
);

function axolotlSource(given: Fields, where: string, left: Left[]): Source {
  const { type, data_files: files } = given;
  const isReader = ["json", "csv", "parquet", "text", "arrow"].includes(String(given.path));
  const [file, ...others] = isReader ? listOf(files) : [];
  const place = placeOf(file ?? given.path);
  const entry: Fields = { ...place };
  if (others.length > 0)
    left.push({
      key: `${where}.data_files`,
      why: "an entry has one path: give its folder, or an entry each",
    });
  if ("hub" in place) {
    Object.assign(
      entry,
      set("config", given.name),
      set("split", given.split),
      set("revision", given.revision),
    );
    Object.assign(entry, set("data_files", files));
  }
  for (const key of Object.keys(given).filter((name) => !axolotlTaken.has(name) && hasValue(given[name])))
    left.push({ key: `${where}.${key}`, why: "no counterpart in a dataset here" });
  const word = typeof type === "string" ? type.split(/[.:]/)[0]! : "";
  if (typeof type === "object" && type !== null)
    Object.assign(entry, customRows(fieldsOf(type), where, left));
  else if (word === "chat_template" || word === "sharegpt") Object.assign(entry, turns(given, word));
  else if (word === "alpaca") entry.format = "alpaca";
  else if (word !== "completion" && word !== "pretrain" && word !== "")
    left.push({ key: `${where}.type`, why: `${word} is not known here: the form is told from the columns` });
  return { entry, isText: word === "completion" || word === "pretrain" };
}

/** Axolotl's own prompt types: columns and a format of the prompt. */
function customRows(type: Fields, where: string, left: Left[]): Fields {
  const fields: Fields = {
    ...set("instruction", type.field_instruction ?? "instruction"),
    ...set("input", type.field_input),
    ...set("output", type.field_output ?? "output"),
  };
  if (hasValue(type.field_system)) fields.system = `{{${String(type.field_system)}}}`;
  for (const key of ["format", "no_input_format", "system_prompt", "system_format"])
    if (hasValue(type[key]))
      left.push({
        key: `${where}.type.${key}`,
        why: "prompts are written by the chat template; see fields.prompt",
      });
  return { fields };
}

function turns(given: Fields, word: string): Fields {
  const mapped = fieldsOf(given.message_property_mappings);
  const fields: Fields = {
    ...set("messages", given.field_messages),
    ...set("role", mapped.role ?? given.message_field_role),
    ...set("content", mapped.content ?? given.message_field_content),
    ...set("train", given.message_field_training),
    ...set("tools", given.field_tools),
    ...set("roles", given.roles),
  };
  if (Object.keys(fields).length === 0) return { format: word === "sharegpt" ? "sharegpt" : "messages" };
  return { fields: { messages: word === "sharegpt" ? "conversations" : "messages", ...fields } };
}

function ofLlamaFactory(config: Fields, left: Left[], info: Fields): Source[] {
  const folder = String(config.dataset_dir ?? "data");
  const names =
    typeof config.dataset === "string" ? config.dataset.split(",") : listOf(config.dataset).map(String);
  return names.map((text) => {
    const name = text.trim();
    const known = fieldsOf(info[name]);
    const isText = config.stage === "pt";
    const place = hasValue(known.hf_hub_url)
      ? { hub: String(known.hf_hub_url), ...set("config", known.subset), ...set("split", known.split) }
      : { path: `${folder}/${String(known.file_name ?? `${name}.json`)}` };
    if (!Object.hasOwn(info, name))
      left.push({ key: `dataset ${name}`, why: `not in ${folder}/dataset_info.json: its path is a guess` });
    const fields = isText ? {} : llamaFactoryFields(known);
    const limit = known.num_samples ?? config.max_samples;
    return { entry: { name: nameOf(name), ...place, ...fields, ...set("limit", limit) }, isText };
  });
}

function llamaFactoryFields(known: Fields): Fields {
  const [columns, tags] = [fieldsOf(known.columns), fieldsOf(known.tags)];
  if (known.formatting !== "sharegpt") {
    if (Object.keys(columns).length === 0) return { format: "alpaca" };
    const fields = {
      ...set("instruction", columns.prompt ?? "instruction"),
      ...set("input", columns.query),
      ...set("output", columns.response ?? "output"),
      ...set("history", columns.history),
    };
    return { fields };
  }
  const roles = Object.fromEntries(
    [
      ["user", tags.user_tag],
      ["assistant", tags.assistant_tag],
      ["system", tags.system_tag],
    ].flatMap(([role, tag]) => (hasValue(tag) ? [[role, [tag]]] : [])),
  );
  const fields: Fields = {
    ...set("role", tags.role_tag),
    ...set("content", tags.content_tag),
    ...set("tools", columns.tools),
    ...(Object.keys(roles).length > 0 && { roles }),
  };
  if (!hasValue(columns.messages) && Object.keys(fields).length === 0) return { format: "sharegpt" };
  return { fields: { messages: columns.messages ?? "conversations", ...fields } };
}

function ofTrl(config: Fields, left: Left[]): Source[] {
  const mixture = listOf(config.datasets).map(fieldsOf);
  const one: Fields = {
    path: config.dataset_name,
    name: config.dataset_config,
    split: config.dataset_train_split,
  };
  const given = mixture.length > 0 ? mixture : hasValue(config.dataset_name) ? [one] : [];
  if (hasValue(config.dataset_text_field) && config.dataset_text_field !== "text")
    left.push({ key: "dataset_text_field", why: "plain texts are read from the column text" });
  return given.map(({ path, name, split, data_files: files }) => {
    const place = placeOf(path);
    const hub = { ...set("config", name), ...set("split", split), ...set("data_files", files) };
    return { entry: { ...place, ...("hub" in place && hub) }, isText: false };
  });
}

/** A file that is here or looks like one, or a dataset of the Hub. */
function placeOf(value: unknown): { path: string } | { hub: string } {
  const text = String(value);
  if (existsSync(text) || !/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(text)) return { path: text };
  return /\.(jsonl?|csv|tsv|parquet|arrow|txt|md|gz|zst)$/i.test(text) ? { path: text } : { hub: text };
}

export const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const set = (key: string, value: unknown): Fields => (hasValue(value) ? { [key]: value } : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : hasValue(value) ? [value] : []);
const nameOf = (text: string) => text.replace(/[^A-Za-z0-9._-]+/g, "-");

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
