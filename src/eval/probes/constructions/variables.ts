import type { Random } from "../../../random.ts";
import { type Construction, fillHay, fullSize } from "../probe.ts";

const noise = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";
const hops = 4;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * A value that goes from variable to variable, all of which are to be named: RULER's variable tracking, one
 * chain of four hops, with one solved example before it. Below 4k the example is shorter.
 */
export const variableTracking: Construction = ({ random, length }) => {
  const own = drawChain(random, 5);
  const example = drawChain(random, 3);
  const shown = part(example, length < fullSize ? 3 : 15);
  const before = `${shown.text} ${shown.prefix} ${example.names.join(" ")}\n\n`;
  return {
    fewest: 0,
    most: Number.POSITIVE_INFINITY,
    references: own.names,
    match: "all",
    textOf(units) {
      const { text, prefix, hay } = part(own, units);
      return {
        text: before + text,
        prefix,
        hay: { start: hay.start + before.length, end: hay.end + before.length },
      };
    },
  };
};

interface Chain {
  value: string;
  names: string[];
  /** Where its statements stand, from 0 to 1, rising. */
  places: number[];
}

function drawChain(random: Random, nameLength: number): Chain {
  const names = new Set<string>();
  while (names.size <= hops)
    names.add(Array.from({ length: nameLength }, () => letters[random.below(letters.length)]).join(""));
  const places = Array.from({ length: hops + 1 }, () => random.next()).sort((a, b) => a - b);
  return { value: String(10_000 + random.below(90_000)), names: [...names], places };
}

function part({ value, names, places }: Chain, units: number): ReturnType<typeof fillHay> {
  const lines: string[] = [];
  let at = 0;
  for (const [i, place] of places.entries()) {
    for (const to = Math.floor(place * (units + 1)); at < to; at++) lines.push(noise);
    lines.push(i === 0 ? `VAR ${names[0]} = ${value}` : `VAR ${names[i]} = VAR ${names[i - 1]}`);
  }
  for (; at < units; at++) lines.push(noise);
  return fillHay(
    "Memorize and track the chain(s) of variable assignment hidden in the following text.\n\n{hay}\nQuestion: " +
      `Find all variables that are assigned the value ${value} in the text above.`,
    lines.join("\n"),
    `Answer: According to the chain(s) of variable assignment in the text above, ${hops + 1} variables are ` +
      `assigned the value ${value}, they are:`,
  );
}
