import { type Headline, type Measured, outcomeMarks, type Verdict } from "../../../contracts/verdict.ts";
import { escapeHtml } from "../../../quote.ts";
import { differenceBar } from "../charts/interval-chart.ts";
import { format, formatSigned } from "../charts/ticks.ts";

/** The head of a report: what came out, what it cost, what to try. `program` is how the command is called. */
export function verdictSection(
  { summary, headlines, notes = [], advice, next }: Verdict,
  program: string,
): string {
  const cards = headlines.map(card).join("");
  const advised = advice.map(
    ({ evidence, advice: text }) => `<li>${prose(evidence)}<br>→ <b>${prose(text)}</b></li>`,
  );
  const commands = next.map(
    ({ title, command }) =>
      `<li>${escapeHtml(title)}<code>${escapeHtml(`${program} ${command}`)}</code></li>`,
  );
  return (
    (summary === "" ? "" : `<p class="verdict">${escapeHtml(summary)}</p>`) +
    (cards === "" ? "" : `<ul class="cards">${cards}</ul>`) +
    notes.map(({ text }) => `<p>${escapeHtml(text)}</p>`).join("") +
    (advised.length === 0 ? "" : `<h2>What to try next</h2><ul class="advice">${advised.join("")}</ul>`) +
    (commands.length === 0
      ? ""
      : `<section class="next"><h2>Go on</h2><ul>${commands.join("")}</ul></section>`)
  );
}

/** A sentence with keys and commands in backticks, as the terminal shows it. */
function prose(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

function card({ benchmark, name, model, before, after, difference, outcome, n, better }: Headline): string {
  const values = before ? `${format(before.value, 3)} → ${format(after.value, 3)}` : format(after.value, 3);
  const spread = difference
    ? `${formatSigned(difference.value)}${intervalText(difference, formatSigned)}`
    : intervalText(after, format).trim();
  const items = `${format(n)} ${n === 1 ? "item" : "items"}, ${better} is better`;
  return (
    `<li class="card"><h3>${escapeHtml(benchmark)}</h3>` +
    `<div class="soft">${escapeHtml(name === benchmark ? model : `${name} · ${model}`)}</div>` +
    `<div class="values">${values}</div>${markOf(outcome)}` +
    (difference ? `<div class="${outcome}">${differenceBar(difference)}</div>` : "") +
    `<small>${spread}${spread === "" ? "" : "<br>"}${items}</small></li>`
  );
}

/** `▲ better` in words, a sign and a colour. */
export function markOf(outcome: Headline["outcome"]): string {
  const { sign, word } = outcomeMarks[outcome];
  return word === "" ? "" : `<span class="mark ${outcome}">${sign} ${word}</span>`;
}

function intervalText({ low, high }: Measured, write: (value: number, digits?: number) => string): string {
  return low === undefined || high === undefined ? "" : ` [${write(low, 3)}, ${write(high, 3)}]`;
}
