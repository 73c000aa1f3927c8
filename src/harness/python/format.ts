/**
 * Python's `str.format` with names: `{context}`, and `{{` and `}}` for braces. What is put in is not looked
 * at again, so braces in texts stay. Throws RangeError, with what is wrong, for what Python refuses, and for
 * attributes, items, conversions and format specs, which prompts do not need.
 */
export function formatNamed(template: string, values: ReadonlyMap<string, string>): string {
  let text = "";
  for (let at = 0; at < template.length; ) {
    const char = template[at]!;
    if (char === template[at + 1] && (char === "{" || char === "}")) {
      text += char;
      at += 2;
    } else if (char === "}") throw new RangeError(`expected }} or a name before }, got } at ${at}`);
    else if (char === "{") {
      const end = template.indexOf("}", at);
      if (end < 0) throw new RangeError(`expected a } behind {, got none after ${at}`);
      const name = template.slice(at + 1, end);
      const value = values.get(name);
      if (value === undefined)
        throw new RangeError(`expected one of {${[...values.keys()].join("}, {")}}, got {${name}}`);
      text += value;
      at = end + 1;
    } else {
      let next = at + 1;
      while (next < template.length && template[next] !== "{" && template[next] !== "}") next++;
      text += template.slice(at, next);
      at = next;
    }
  }
  return text;
}
