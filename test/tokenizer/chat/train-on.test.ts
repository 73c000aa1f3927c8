import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { renderChat, renderPrompt } from "../../../src/tokenizer/chat/chat.ts";
import { answersAlone, type TrainOn } from "../../../src/tokenizer/chat/train-on.ts";
import { nanoWith } from "../fixtures.ts";

const added = ["<|im_start|>", "<|im_end|>"].map((content) => ({ content }));
const prompt = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const chatml =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor " +
  `%}${prompt}`;
const messages: Message[] = [
  { role: "system", content: "S" },
  { role: "user", content: "Q1" },
  { role: "assistant", content: "A1" },
  { role: "tool", content: "T" },
  { role: "assistant", content: "A2" },
];

async function trainedRuns(template: string, trainOn: Partial<TrainOn>, chat = messages): Promise<string[]> {
  const tokenizer = await nanoWith(template, added);
  const { ids, trained } = await renderChat(tokenizer, chat, { ...answersAlone, ...trainOn });
  const runs: string[] = [];
  for (let t = 0; t < ids.length; t++) {
    if (trained[t] === 0) continue;
    let end = t;
    while (trained[end] === 1) end++;
    runs.push(await tokenizer.decode(ids.slice(t, end)));
    t = end;
  }
  return runs;
}

/** Command A's: two end tokens, the second of which is EOS. */
const twoEnds = (open: string, close: string): string =>
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.role == 'assistant' %}" +
  `${open}{{ m.content + '<|im_end|>' }}${close}{{ '</s>' }}{% else %}{{ m.content + '</s>' }}` +
  `{% endif %}{% endfor %}${prompt}`;

describe("two end tokens of an answer", () => {
  const marks: [string, string][] = [
    ["", ""],
    ["{% generation %}", "{% endgeneration %}"],
  ];
  it.each(marks)("are both trained, or both not (%s)", async (open, close) => {
    const template = twoEnds(open, close);
    expect(await trainedRuns(template, {})).toEqual(["A1<|im_end|></s>", "A2<|im_end|></s>"]);
    expect(await trainedRuns(template, { eos: "last" })).toEqual(["A1", "A2<|im_end|></s>"]);
    expect(await trainedRuns(template, { eos: "none" })).toEqual(["A1", "A2"]);
  });
});

describe("roles, turns and end tokens", () => {
  const end = "<|im_end|>";
  const cases: [Partial<TrainOn>, string[]][] = [
    [{}, [`A1${end}`, `A2${end}`]],
    [{ turns: "last" }, [`A2${end}`]],
    [{ eos: "none" }, ["A1", "A2"]],
    [{ eos: "last" }, ["A1", `A2${end}`]],
    [{ eos: "all" }, [end, end, `A1${end}`, end, `A2${end}`]],
    [{ roles: ["user"] }, [`Q1${end}`]],
    [{ roles: ["user", "assistant"], eos: "none" }, ["Q1", "A1", "A2"]],
    [{ roles: ["tool", "assistant"], turns: "last" }, [`A2${end}`]],
  ];
  for (const [trainOn, runs] of cases) {
    it(JSON.stringify(trainOn), async () => {
      expect(await trainedRuns(chatml, trainOn)).toEqual(runs);
    });
  }

  it("a message's own train goes before the rule", async () => {
    const chat = messages.map((one, i) =>
      i === 1 ? { ...one, train: true } : i === 4 ? { ...one, train: false } : one,
    );
    expect(await trainedRuns(chatml, { turns: "last" }, chat)).toEqual([`Q1${end}`]);
  });
});

describe("{% generation %}", () => {
  const turn = (body: string, before = "") =>
    `{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}${before}{% if m.role == 'assistant' ` +
    `%}${body}{% else %}{{ m.content + '<|im_end|>\n' }}{% endif %}{% endfor %}${prompt}`;
  const block = "{% generation %}{{ m.content + '<|im_end|>' }}{% endgeneration %}{{ '\n' }}";

  it("is what is trained, and eos and turns take away from it", async () => {
    expect(await trainedRuns(turn(block), {})).toEqual(["A1<|im_end|>", "A2<|im_end|>"]);
    expect(await trainedRuns(turn(block), { turns: "last" })).toEqual(["A2<|im_end|>"]);
    expect(await trainedRuns(turn(block), { eos: "none" })).toEqual(["A1", "A2"]);
  });

  // Without it the model would never learn to stop.
  it("with an end token right behind it, that one is trained, too", async () => {
    const body = "{%- generation -%} {{ m.content }} {%- endgeneration -%}{{ '<|im_end|>\n' }}";
    expect(await trainedRuns(turn(body), {})).toEqual(["A1<|im_end|>", "A2<|im_end|>"]);
    expect(await trainedRuns(turn(body), { eos: "none" })).toEqual(["A1", "A2"]);
  });

  it("may hold more than the content, as far as the prompt leaves it", async () => {
    const body = "{% generation %}{{ 'Well: ' + m.content + '.<|im_end|>' }}{% endgeneration %}";
    expect(await trainedRuns(turn(body), {})).toEqual(["Well: A1.<|im_end|>", "Well: A2.<|im_end|>"]);
  });

  it("around some turns only: the others are not trained", async () => {
    const body = `{% if loop.last %}${block}{% else %}{{ m.content + '<|im_end|>\n' }}{% endif %}`;
    expect(await trainedRuns(turn(body), {})).toEqual(["A2<|im_end|>"]);
  });

  // SmolLM3's: what the prompt has written is not the model's to write.
  it("that begins with the header is trained from where the prompt ends", async () => {
    const body =
      "{% for m in messages %}{% generation %}{{ '<|im_start|>' + m.role + '\n' + m.content + " +
      `'<|im_end|>\n' }}{% endgeneration %}{% endfor %}${prompt}`;
    expect(await trainedRuns(body, {})).toEqual(["A1<|im_end|>", "A2<|im_end|>"]);
  });

  it("white space around tags is as in Jinja with trim_blocks; marks in contents are text", async () => {
    const body =
      "{% for m in messages %}\n{{ '<|im_start|>' + m.role + '\n' }}\n{% if m.role == 'assistant' %}\n " +
      " {% generation %}\n{{ m.content }}<|im_end|>\n  {% endgeneration %}\n{% else %}\n{{ m.content " +
      "}}<|im_end|>\n{% endif %}\n{% endfor %}\n{% if add_generation_prompt %}\n{{ " +
      "'<|im_start|>assistant\n' }}\n{% endif %}";
    const answer = "a\u{F0002}b\u{F0003} {% generation %}";
    const chat: Message[] = [
      { role: "user", content: "Q" },
      { role: "assistant", content: answer },
    ];
    const tokenizer = await nanoWith(body, added);
    const { ids } = await renderChat(tokenizer, chat);
    // As jinja2 3.1 renders it with trim_blocks and lstrip_blocks.
    expect(await tokenizer.decode(ids)).toBe(
      `<|im_start|>user\n\nQ<|im_end|>\n<|im_start|>assistant\n\n${answer}<|im_end|>\n`,
    );
    expect(await trainedRuns(body, {}, chat)).toEqual([`${answer}<|im_end|>`]);
    const ahead = await renderPrompt(tokenizer, chat.slice(0, 1));
    expect([...ids.slice(0, ahead.length)]).toEqual([...ahead]);
  });
});
