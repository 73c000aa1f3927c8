/**
 * Where a `{% generation %}` block of a marked template opens and closes: private use, one character each.
 */
export const generationMarks = { open: "\u{F0002}", close: "\u{F0003}" } as const;
