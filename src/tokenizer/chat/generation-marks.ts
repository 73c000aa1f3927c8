/** Where a `{% generation %}` block of a marked template opens and closes: private use, one character each. */
export const generationMarks = { open: "\u{F0002}", close: "\u{F0003}" } as const;

/** The tag of transformers' assistant mask, with its white space control: `{%- generation -%}`. */
const tag = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;

export function hasGeneration(source: string): boolean {
  return source.search(tag) >= 0;
}

/**
 * The template with each `{% generation %}` and `{% endgeneration %}` as a block that writes its mark, or nothing
 * (`marks` false). A block and no expression, since trim_blocks and lstrip_blocks, which templates are rendered
 * with, take the white space around blocks only. The library of templates would drop the tags, and space with them.
 */
export function withGenerationMarks(source: string, marks: boolean): string {
  return source.replace(tag, (_, left: string, end: string | undefined, right: string) => {
    const mark = marks ? `{{ '${end ? generationMarks.close : generationMarks.open}' }}` : "";
    return `{%${left} if true %}${mark}{% endif ${right}%}`;
  });
}
