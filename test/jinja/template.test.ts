import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TemplateRuntimeError, TemplateSyntaxError } from "../../src/jinja/errors.ts";
import { chatOptions, Template } from "../../src/jinja/template.ts";
import { parseJson } from "../../src/jinja/values/parse-json.ts";
import { PyDict, type Value } from "../../src/jinja/values/values.ts";

function render(template: string, context: Readonly<Record<string, unknown>> = {}, options = {}): string {
  return new Template(template, { ...chatOptions, ...options }).render(context);
}

/** Names of a dict, as a template is given them. */
function namesOf(context: Value | undefined): Record<string, Value> {
  if (!(context instanceof PyDict)) return {};
  return Object.fromEntries(Array.from(context.entries(), ([name, value]) => [String(name), value]));
}

describe("snippets that Python's jinja2 rendered", () => {
  const text = readFileSync(new URL("fixtures/snippets.json", import.meta.url), "utf8");
  const snippets = parseJson(text) as readonly PyDict[];
  // One test for all: a failure names its snippets.
  it(`all ${snippets.length} give the same text, or an error where Python has one`, () => {
    const wrong = snippets.flatMap((snippet) => {
      const [template, expected] = [snippet.get("template") as string, snippet.get("expected")];
      let got: string | undefined;
      try {
        got = render(template, namesOf(snippet.get("context")));
      } catch (error) {
        if (!(error instanceof TemplateRuntimeError || error instanceof TemplateSyntaxError)) throw error;
      }
      return got === expected ? [] : [{ template, expected, got }];
    });
    expect(wrong).toEqual([]);
    expect(snippets.length).toBeGreaterThan(1000);
  });
});

describe("options", () => {
  const block = "a\n  {% if true %}\n  b\n  {% endif %}\nc\n";
  it("white space around blocks is kept, but for the last line break, unless they say otherwise", () => {
    const none = { trimBlocks: false, lstripBlocks: false, keepTrailingNewline: false };
    expect(render(block, {}, none)).toBe("a\n  \n  b\n  \nc");
    expect(render(block, {}, { ...none, trimBlocks: true })).toBe("a\n    b\n  c");
    expect(render(block, {}, { ...none, lstripBlocks: true })).toBe("a\n\n  b\n\nc");
    expect(render(block)).toBe("a\n  b\nc");
    expect(render(block, {}, { keepTrailingNewline: true })).toBe("a\n  b\nc\n");
  });

  it("what is undefined prints as nothing, or is an error where it must be defined", () => {
    const strict = (template: string) => () => render(template, { a: {} }, { isStrict: true });
    expect(render("{{ x }}|{{ a.b }}", { a: {} })).toBe("|");
    for (const bad of ["{{ x }}", "{{ a.b }}", "{% if x %}{% endif %}", "{{ x == 1 }}", "{{ x|length }}"])
      expect(strict(bad)).toThrow("line 1: ");
    expect(strict("{{ x is defined }} {{ x|default(2) }} {{ (1 if false) }}|")()).toBe("False 2 |");
  });

  it("marks stand around what generation blocks write, and nowhere else", () => {
    const template = "a{% generation %}b{% endgeneration %}c";
    const marks = { open: "<", close: ">" };
    expect(render(template)).toBe("abc");
    expect(render(template, {}, { marks })).toBe("a<b>c");
    expect(new Template(template, chatOptions).hasGeneration).toBe(true);
    expect(new Template("{{ '{% generation %}' }}", chatOptions).hasGeneration).toBe(false);
  });
});

describe("errors", () => {
  it("name the line and what was there", () => {
    expect(() => render("a\n{{ 1 + }}")).toThrow("line 2: expected an expression, got the end of the tag");
    expect(() => render("{% if a %}\n")).toThrow("expected {% elif %} or {% else %} or {% endif %}");
    expect(() => render("{% nosuch %}")).toThrow("line 1: expected a tag that Jinja has, got nosuch");
    expect(() => render("{{ 1|nosuch }}")).toThrow("line 1: expected a filter that Jinja has, got nosuch");
    expect(() => render("\n\n{{ 'a' + 1 }}")).toThrow(
      "line 3: expected operands that + takes, got str and int",
    );
    expect(() => render("{{ raise_exception('roles must alternate') }}")).toThrow(/^roles must alternate$/);
  });
});

describe("the sandbox", () => {
  it.each([
    ["{{ ''.constructor }}{{ [].constructor }}{{ {}.constructor }}|", "|"],
    ["{{ constructor }}{{ toString }}{{ __proto__ }}{{ x.__proto__ }}|", "|"],
    ["{{ {}['__proto__'] }}{{ ''.__class__ }}|", "|"],
    ["{{ dict(__proto__=1) }}", "{'__proto__': 1}"],
  ])("reaches nothing of JavaScript: %s", (template, expected) => {
    expect(render(template, { x: {} })).toBe(expected);
  });

  it.each([
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ x.append(1) }}",
    "{{ [].append(1) }}",
    "{{ d.update({}) }}",
    "{{ 'x'|constructor }}",
    "{{ 'x' is constructor }}",
    "{{ ['a']|map('constructor')|list }}",
    "{% include 'x' %}",
  ])("refuses %s", (template) => {
    expect(() => render(template, { x: [1], d: {} })).toThrow(/expected|unsafe|undefined|no attribute/);
  });

  // Each would take seconds or gigabytes.
  it.each([
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% set ns = namespace(x='aa') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(x=(1,)) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
    "{{ 'a' * 10000000000 }}",
    "{{ [1] * 10000000000 }}",
    "{{ 2 ** 1000000000 }}",
    "{{ range(100001) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format('a') }}",
    "{{ 'a'.center(1000000000) }}",
    "{{ ('x'*100000).join('y'*100000) }}",
    "{{ ('a'*100000).replace('a', 'a'*100000) }}",
    "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
    "{% set ns = namespace(d={}) %}{% for i in range(99999) %}{% set ns.d = dict(ns.d, **{i|string: i}) %}{% endfor %}",
    "{{ [1]|batch(1000000000, 0)|list }}",
    `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`,
    `{{ ${"[".repeat(50000)}`,
    `{{ 1${" or 1".repeat(50000)} }}`,
    `{{ x${".a".repeat(90000)} }}`,
    "{#".repeat(150000),
  ])("bounds work, depth and text: %.60s", (template) => {
    expect(() => render(template)).toThrow(/expected/);
  });

  it("lets a template go through all of a large conversation, as its data allow", () => {
    const content = "word ".repeat(1_000_000);
    expect(render("{{ m.split(' ')|length }}{{ m|upper|length }}", { m: content })).toBe("10000015000000");
  });
});

describe("numbers of data", () => {
  it("keep their kind and digits, and objects the order of their keys", () => {
    const x = parseJson('{"b": 1.0, "2": 9007199254740993, "1": 1e2, "c": -0, "d": 1}');
    expect(render("{{ x }}{{ x|tojson }}", { x })).toBe(
      "{'b': 1.0, '2': 9007199254740993, '1': 100.0, 'c': 0, 'd': 1}" +
        '{"b": 1.0, "2": 9007199254740993, "1": 100.0, "c": 0, "d": 1}',
    );
  });

  it("of JavaScript are ints where they are whole and safe, else floats", () => {
    expect(render("{{ x }}", { x: [1, 1.5, 2 ** 60, -0, 10n ** 20n] })).toBe(
      "[1, 1.5, 1.152921504606847e+18, 0, 100000000000000000000]",
    );
  });

  it("are not read from what is no JSON", () => {
    for (const bad of ["", "{", "[1,]", "{'a': 1}", "01", "1 2", '{"a" 1}', "[1}", "nul"])
      expect(() => parseJson(bad)).toThrow(SyntaxError);
  });
});
