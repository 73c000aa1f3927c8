import { expect, test } from "vitest";
import { markdown } from "../../../../src/datasets/rows/formats/markdown.ts";

const page = `---
title: "A page"
description: What it is
tags: [x]
---
Before.

# One

\`\`\`sh
# not a heading
\`\`\`

## Two ##
### Three
text
`;

const partsOf = (options: object) => markdown.open(options, "options", [])!(page);

test("a file is a document, its front matter taken off", () => {
  const [part, second] = partsOf({});
  expect(second).toBeUndefined();
  expect(part!.meta).toEqual({ title: "A page", description: "What it is" });
  expect(part!.text.startsWith("Before.\n\n# One")).toBe(true);
  expect(part!.text.endsWith("text")).toBe(true);
});

test("with sections, parts begin at headings of the first two levels, not at comments in code", () => {
  const parts = partsOf({ sections: true });
  expect(parts.map(({ text, meta }) => [meta.section, text])).toEqual([
    [undefined, "Before."],
    ["One", "# One\n\n```sh\n# not a heading\n```"],
    ["Two", "## Two ##\n### Three\ntext"],
  ]);
});
