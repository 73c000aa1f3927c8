/**
 * A key of another tool's config: where the same thing is said in a recipe, or why nothing is said. `here` is
 * a path in the recipe; in tables of datasets' keys, a path in the entry of `data.datasets`.
 */
export type ForeignKey =
  | {
      here: string;
      /** The value as a recipe has it; undefined where it cannot be told. Without it, the value as it is. */
      as?: (value: unknown) => unknown;
      /** What to know beside it. */
      note?: string;
    }
  | { none: string };

export type ForeignKeys = Readonly<Record<string, ForeignKey>>;

/** The same thing under another name, or at another place. */
export const here = (path: string, note?: string): ForeignKey => ({
  here: path,
  ...(note !== undefined && { note }),
});

/** The same thing, with its value said in another way. */
export const as = (path: string, value: (given: unknown) => unknown, note?: string): ForeignKey => ({
  here: path,
  as: value,
  ...(note !== undefined && { note }),
});

/** There is no such thing here. */
export const none = (why: string): ForeignKey => ({ none: why });

/** True and false by what they stand for; other values have none. */
export const flag =
  (yes: unknown, no: unknown) =>
  (value: unknown): unknown =>
    value === true ? yes : value === false ? no : undefined;

/** Words by what they stand for, whatever their case. */
export const words =
  (known: Readonly<Record<string, unknown>>) =>
  (value: unknown): unknown => {
    const word = String(value).toLowerCase();
    return Object.hasOwn(known, word) ? known[word] : undefined;
  };

/** A whole number of steps; a share of them cannot be told before there are packs. */
export const steps = (value: unknown): unknown => {
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

/** A number, also one that YAML reads as text: `1e-5` without a dot. */
export const number = (value: unknown): unknown =>
  value !== "" && value !== null && Number.isFinite(Number(value)) ? Number(value) : undefined;

/** A share of the documents; a number of rows is none. */
export const share = (value: unknown): unknown => {
  const given = Number(value);
  return given >= 0 && given < 1 ? given : undefined;
};

const linear = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/** Names of linear layers, as a list or with commas; `all` and `all-linear` are all of them. */
export const modules = (value: unknown): unknown => {
  const names = Array.isArray(value) ? value.map(String) : String(value).split(",");
  const trimmed = names.map((name) => name.trim());
  if (trimmed.some((name) => name === "all" || name === "all-linear")) return linear;
  return trimmed.every((name) => linear.includes(name)) ? trimmed : undefined;
};

export const allModules = linear;
