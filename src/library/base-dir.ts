import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { shippedPath } from "../package-root.ts";
import { builtInTemplate } from "../tokenizer/chat/templates/chosen-template.ts";

/**
 * A recipe whose relative paths start at `baseDir` rather than at the working directory. It is not checked
 * yet, so whatever is no path stays as it is.
 */
export function withBase(recipe: unknown, baseDir: string): unknown {
  if (!isMap(recipe)) return recipe;
  const at = (path: unknown) => (typeof path === "string" && path !== "" ? resolve(baseDir, path) : path);
  const { name } = recipe;
  const folder = recipe.output_dir ?? (typeof name === "string" ? `runs/${name}` : undefined);
  return {
    ...recipe,
    ...(folder === undefined ? {} : { output_dir: at(folder) }),
    ...change(recipe, "model", (model) => withPaths(model, baseDir)),
    ...change(recipe, "data", (data) => ({
      ...data,
      ...(Array.isArray(data.datasets) && {
        datasets: data.datasets.map((one: unknown) =>
          isMap(one) && "path" in one ? { ...one, path: at(one.path) } : one,
        ),
      }),
      ...change(data, "curate", (curate) => ({
        ...curate,
        ...change(curate, "decontaminate", (of) =>
          Array.isArray(of.files) ? { ...of, files: of.files.map(at) } : of,
        ),
      })),
    })),
  };
}

type Mapping = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function change(of: Mapping, key: string, map: (value: Mapping) => Mapping): Mapping {
  const value = of[key];
  return isMap(value) ? { [key]: map(value) } : {};
}

function withPaths(model: Mapping, baseDir: string): Mapping {
  const isPath = (key: string, value: string) =>
    ["checkpoint", "base", "config", "tokenizer"].includes(key) ||
    (key === "chat_template" && builtInTemplate(value) === undefined);
  const entries = Object.entries(model).map(([key, value]) =>
    typeof value === "string" && value !== "" && isPath(key, value)
      ? [key, fromBase("checkpoint", value, baseDir)]
      : [key, value],
  );
  return Object.fromEntries(entries) as Mapping;
}

/** A path from `baseDir`, unless it is the name of something that ships with the package. */
export function fromBase(kind: "checkpoint" | "recipe", value: string, baseDir: string): string {
  const path = resolve(baseDir, value);
  return shippedPath(kind, value) !== undefined && !existsSync(path) ? value : path;
}
