/** Marks for where a `{% generation %}` block opens and closes: one private-use character each. */
export const generationMarks = { open: "\u{F0002}", close: "\u{F0003}" } as const;

/** The tag of transformers' assistant mask with its white space control: `{%- generation -%}`. */
const tag = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;

export function hasGeneration(source: string): boolean {
  return source.search(tag) >= 0;
}

/**
 * The template with each `{% generation %}` and `{% endgeneration %}` replaced by a block that writes its
 * mark, or nothing when `marks` is false. It has to be a block, not an expression: trim_blocks and
 * lstrip_blocks, which templates are rendered with, only affect white space around blocks. The template
 * library would drop the tags together with white space.
 */
export function withGenerationMarks(source: string, marks: boolean): string {
  return source.replace(tag, (_, left: string, end: string | undefined, right: string) => {
    const mark = marks ? `{{ '${end ? generationMarks.close : generationMarks.open}' }}` : "";
    return `{%${left} if true %}${mark}{% endif ${right}%}`;
  });
}
