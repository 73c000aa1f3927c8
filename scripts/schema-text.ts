/** A schema apart from its default, for telling sections by what they are. */
export function textOf(schema: object): string {
  return JSON.stringify({ ...schema, default: undefined });
}
