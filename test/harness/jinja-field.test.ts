import { expect, it } from "vitest";
import { checkField, renderField } from "../../src/harness/jinja-field.ts";
import type { Row } from "../../src/harness/task-config.ts";
import { fromJs } from "../../src/jinja/values/from-js.ts";

const row = fromJs({ q: "Why?\n", opts: ["it's", "naïve"], a: 2 }) as Row;

it("renders as lm-evaluation-harness: line breaks stay, lists are Python's", () => {
  expect(renderField("{{q}}\n", row)).toBe("Why?\n\n");
  expect(renderField("{{opts}}", row)).toBe("[\"it's\", 'naïve']");
  expect(renderField("{% for o in opts %}\n{{o}}\n{% endfor %}", row)).toBe("\nit's\n\nnaïve\n");
});

it("has the harness's regex_replace, and Jinja's own tojson", () => {
  expect(renderField("{{ q | regex_replace('(\\\\w)', '<\\\\1>', 2) }}", row)).toBe("<W><h>y?\n");
  expect(renderField("{{ opts | tojson }}", row)).toBe('["it\\u0027s", "na\\u00efve"]');
});

it("names a column that is not there", () => {
  expect(() => renderField("{{question}}", row)).toThrow(/'question' is undefined/);
});

it("writes the name of a value's class, and reaches nothing else of it", () => {
  expect(renderField("{{ a.__class__ }} {{ a.__class__.__name__ }}", row)).toBe("<class 'int'> int");
  expect(() => renderField("{{ a.__class__.__mro__ }}", row)).toThrow(/unsafe/);
  expect(() => renderField("{{ a.__init__ }}", row)).toThrow(/unsafe/);
});

it("says of a template before any row that it cannot be read", () => {
  expect(checkField("{{ q }}")).toBeUndefined();
  expect(checkField("{{ q")).toMatch(/line 1/);
  expect(checkField("{{ q | nothing }}")).toMatch(/nothing/);
});
