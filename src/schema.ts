import type {
  ObjectOptions,
  SchemaOptions,
  Static,
  TObject,
  TOptional,
  TProperties,
  TSchema,
  TString,
  TUnsafe,
} from "@sinclair/typebox";
import { OptionalKind, Type } from "@sinclair/typebox";

/**
 * The forms in which recipes, options and examples are described, each once, as TypeBox: the TypeScript type
 * comes from it by `Static`, the JSON Schema for Ajv and for editors is the value itself.
 */

/** A mapping with these keys and no others. A key is needed unless it is optional or has a default. */
export function mapping<P extends TProperties>(properties: P, options: ObjectOptions = {}): Mapping<P> {
  const needed = Object.entries(properties).filter(
    ([, property]) => !(OptionalKind in property) && property.default === undefined,
  );
  return Type.Unsafe({
    ...options,
    type: "object",
    ...(needed.length === 0 ? {} : { required: needed.map(([key]) => key) }),
    additionalProperties: false,
    properties,
  });
}

/** A schema of a mapping, with the type that it describes. */
export type Mapping<P extends TProperties> = TUnsafe<Static<TObject<P>>>;

/** A mapping with these keys, typed, and any others. */
export function openMapping<P extends TProperties>(
  properties: P,
  options: ObjectOptions = {},
): TUnsafe<Static<TObject<P>> & { [key: string]: unknown }> {
  return Type.Unsafe(Type.Object(properties, options));
}

/** A mapping from any key to values of one form. */
export function mapOf<V extends TSchema>(
  value: V,
  options: SchemaOptions = {},
): TUnsafe<Record<string, Static<V>>> {
  return Type.Unsafe({ ...options, type: "object", additionalProperties: value });
}

/** One of some words. */
export function choice<const Words extends readonly string[]>(
  words: Words,
  options: SchemaOptions = {},
): TUnsafe<Words[number]> {
  return Type.Unsafe({ ...options, enum: [...words] });
}

/** A text that is not empty. */
export function text(description: string): TString {
  return Type.String({ description, minLength: 1 });
}

/** A text that is not empty, or is left out. */
export function optionalText(description: string): TOptional<TString> {
  return Type.Optional(text(description));
}

/** What `schema` describes, or null. */
export function orNull<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  return Type.Unsafe({ ...schema, type: [schema.type, "null"] });
}
