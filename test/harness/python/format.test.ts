import { expect, it } from "vitest";
import { formatNamed } from "../../../src/harness/python/format.ts";

const values = new Map([
  ["context", "a {input} }} {"],
  ["input", "b $& {0}"],
]);

/** Right values: Python 3.11's `template.format(context=…, input=…)`. */
it.each([
  ["Story: {context}\nQ: {input}\n", "Story: a {input} }} {\nQ: b $& {0}\n"],
  ["{context}{context}", "a {input} }} {a {input} }} {"],
  ["{{context}} {{{input}}}", "{context} {b $& {0}}"],
  ["no names, {{}} only", "no names, {} only"],
  ["", ""],
])("%j is filled in once: braces of texts stay", (template, text) => {
  expect(formatNamed(template, values)).toBe(text);
});

it.each([
  ["{other}", "expected one of {context}, {input}, got {other}"],
  ["{}", "got {}"],
  ["{context!r}", "got {context!r}"],
  ["{context[0]}", "got {context[0]}"],
  ["a } b", "got } at 2"],
  ["a {context", "got none after 2"],
])("%j is refused", (template, message) => {
  expect(() => formatNamed(template, values)).toThrow(message);
});
