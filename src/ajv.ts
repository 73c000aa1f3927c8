import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Ajv2020, type Options, type ValidateFunction } from "ajv/dist/2020.js";

/**
 * The one set-up of Ajv. Everything that is checked against a schema is one of these:
 *
 * - `settings`: what a person wrote. Every mistake is reported, and defaults are filled in, in place.
 * - `data`: rows and files. The first mistake is enough, and nothing is changed.
 * - `reply`: what a model wrote. Keys that were not asked for are removed, in place.
 */
export type Checked = "settings" | "data" | "reply";

const how: Readonly<Record<Checked, Options>> = {
  settings: { allErrors: true, useDefaults: true, verbose: true },
  data: {},
  reply: { removeAdditional: true },
};

const instances = new Map<Checked, Ajv2020>();

/** The check for a schema; the same schema object is compiled once. */
export function compileSchema<S extends TSchema>(checked: Checked, schema: S): ValidateFunction<Static<S>> {
  let ajv = instances.get(checked);
  if (ajv === undefined) {
    ajv = new Ajv2020({ strict: true, allowUnionTypes: true, ...how[checked] });
    // `expected`: what an option wants, in words; see recipe/options.ts.
    ajv.addVocabulary(["expected"]);
    instances.set(checked, ajv);
  }
  return ajv.compile<Static<S>>(schema);
}

/** A section of the recipe, or options, with every key at its default. */
export function defaultsOf<S extends TSchema>(schema: S): Static<S> {
  // Inside another mapping, because the section itself may have a default.
  const whole = Type.Unsafe<{ section: Static<S> }>({ type: "object", properties: { section: schema } });
  const value: unknown = { section: {} };
  const fits = compileSchema("settings", whole);
  if (fits(value)) return value.section;
  const missing = (fits.errors ?? []).map(({ message }) => message).join(", ");
  throw new TypeError(`defaultsOf: expected a default for every key, got none: ${missing}`);
}
