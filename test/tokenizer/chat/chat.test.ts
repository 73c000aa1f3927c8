import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Tokenizer as Native } from "tokenizers";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/contracts/example.ts";
import { packagePath } from "../../../src/package-root.ts";
import { renderChat, renderChats, renderPrompt, renderTexts } from "../../../src/tokenizer/chat/chat.ts";
import type { RunPlace } from "../../../src/tokenizer/run-place.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const nano = packagePath("checkpoints", "zebra-nano-tokenizer");

/** The nano tokenizer with other special tokens and another template, in a folder of its own. */
async function tokenizerWith(template: string, specials: string[], bos: string, eos: string) {
  const dir = mkdtempSync(join(tmpdir(), "zebratune-tokenizer-"));
  const json = JSON.parse(readFileSync(join(nano, "tokenizer.json"), "utf8"));
  for (const [i, content] of specials.entries()) {
    json.added_tokens.push({ ...json.added_tokens[0], id: 4096 + i, content });
  }
  writeFileSync(join(dir, "tokenizer.json"), JSON.stringify(json));
  writeFileSync(
    join(dir, "tokenizer_config.json"),
    JSON.stringify({ bos_token: bos, eos_token: eos, chat_template: template }),
  );
  return loadTokenizer(dir);
}

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string, train?: boolean): Message => ({
  role: "assistant",
  content,
  ...(train === undefined ? {} : { train }),
});

describe("text is text", () => {
  it("a special token's name in a document is not that token", async () => {
    const tokenizer = await loadTokenizer(nano);
    for (const text of ["<s>", "a </s> b", "<pad><unk>", "[INST] <s>[/INST]"]) {
      const ids = await tokenizer.encode(text);
      expect([...ids].filter((id) => id < 4)).toEqual([]);
      expect(await tokenizer.decode(ids)).toBe(text);
    }
  });

  it("any text comes back, and cutting it into pieces changes no id", async () => {
    const tokenizer = await loadTokenizer(nano);
    const native = Native.fromFile(join(nano, "tokenizer.json"));
    const part = fc.constantFrom(
      "\n",
      "\n\n",
      " ",
      "  \n",
      "word",
      "Ünï",
      "12345",
      "'s",
      ".",
      "🦓",
      "\t",
      "\r\n",
      "the end.",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 40 }), fc.nat(), async (parts, shift) => {
        // Long enough to be cut, with a border of every kind at every offset.
        const text =
          "x".repeat(shift % 97) +
          parts
            .join("")
            .concat("a\nb")
            .repeat(Math.ceil(9000 / (parts.join("").length + 3)));
        const ids = await tokenizer.encode(text);
        expect([...ids]).toEqual((await native.encode(text, null, { addSpecialTokens: false })).getIds());
        expect(await tokenizer.decode(ids)).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

const llama3 = `{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>

{{ m['content'] | trim }}<|eot_id|>{% endfor %}{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>

{% endif %}`;
const chatml = `{% for m in messages %}<|im_start|>{{ m['role'] }}
{{ m['content'] }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;
const gemma = `{{ bos_token }}{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}
{{ m['content'] | trim }}<end_of_turn>
{% endfor %}{% if add_generation_prompt %}<start_of_turn>model
{% endif %}`;
const mistral =
  "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]{% " +
  "else %} {{ m['content'] }}{{ eos_token }}{% endif %}{% endfor %}";

const templates = {
  zebra: { tokenizer: () => loadTokenizer(nano), end: "</s>", bos: 1 },
  llama3: {
    tokenizer: () =>
      tokenizerWith(llama3, ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], "<s>", "<|eot_id|>"),
    end: "<|eot_id|>",
    bos: 1,
  },
  chatml: {
    tokenizer: () => tokenizerWith(chatml, ["<|im_start|>", "<|im_end|>"], "<s>", "<|im_end|>"),
    end: "<|im_end|>",
    bos: 0,
  },
  gemma: {
    tokenizer: () => tokenizerWith(gemma, ["<start_of_turn>", "<end_of_turn>"], "<s>", "<end_of_turn>"),
    end: "<end_of_turn>",
    bos: 1,
  },
  mistral: { tokenizer: () => tokenizerWith(mistral, [], "<s>", "</s>"), end: "</s>", bos: 1 },
};

describe("the loss is on the answers and their end tokens", () => {
  for (const [name, { tokenizer: load, end, bos }] of Object.entries(templates)) {
    it(`${name}: stock template without generation marks`, async () => {
      const tokenizer = await load();
      const messages = [
        user("Where </s> is it?"),
        assistant("In Paris."),
        user("And <s> then?"),
        assistant("Rome 12"),
      ];
      const { ids, trained } = await renderChat(tokenizer, messages);
      const text = await tokenizer.decode(ids.filter((_, t) => trained[t] === 1));
      expect(text.replaceAll(" ", "")).toBe(`InParis.${end}Rome12${end}`);
      const prompt = await renderPrompt(tokenizer, messages.slice(0, 3));
      expect([...ids.slice(0, prompt.length)]).toEqual([...prompt]);
      expect(trained[prompt.length]).toBe(1);
      const begins = [...prompt].filter((id) => id === 1).length;
      expect(begins).toBe(name === "zebra" ? 2 : bos);
    });
  }

  it("follows train: false and train: true", async () => {
    const tokenizer = await loadTokenizer(nano);
    const messages = [{ ...user("why"), train: true }, assistant("no", false), user("so"), assistant("yes")];
    const { ids, trained } = await renderChat(tokenizer, messages);
    expect(await tokenizer.decode(ids.filter((_, t) => trained[t] === 1))).toBe("why yes</s>");
  });

  it("refuses a template that changes content, and messages that the template refuses", async () => {
    const shouting = await tokenizerWith(
      "{% for m in messages %}{{ m['content'] | upper }}{% endfor %}",
      [],
      "<s>",
      "</s>",
    );
    await expect(renderChat(shouting, [user("a"), assistant("b")])).rejects.toMatchObject({ code: "E_DATA" });
    const tokenizer = await loadTokenizer(nano);
    await expect(renderChat(tokenizer, [assistant("b")])).rejects.toMatchObject({ code: "E_DATA" });
  });

  it("any contents: prompts are prefixes, and what is trained is the answers", async () => {
    const tokenizer = await loadTokenizer(nano);
    const content = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((text) => text.toWellFormed());
    await fc.assert(
      fc.asyncProperty(content, content, async (question, answer) => {
        const { ids, trained } = await renderChat(tokenizer, [user(question), assistant(answer)]);
        expect(await tokenizer.decode(ids.filter((_, t) => trained[t] === 1))).toBe(` ${answer}</s>`);
        const prompt = await renderPrompt(tokenizer, [user(question)]);
        expect([...ids.slice(0, prompt.length)]).toEqual([...prompt]);
      }),
      { numRuns: 60 },
    );
  });
});

// The four choices of a question each encoded the whole document.
it("what conversations have in common is encoded once, and each is as it is alone", async () => {
  const tokenizer = await loadTokenizer(nano);
  const texts: string[] = [];
  const counting = {
    ...tokenizer,
    encodeBatch(all: string[], places?: RunPlace[]) {
      texts.push(...all);
      return tokenizer.encodeBatch(all, places);
    },
  };
  const document = "The whale. ".repeat(50);
  const conversations = ["Ahab", "Ishmael", "Ahab", "Pip"].map((name) => [user(document), assistant(name)]);
  const rendered = await renderChats(counting, conversations);
  expect(texts.filter((text) => text.includes("whale"))).toHaveLength(1);
  expect(new Set(texts).size).toBe(texts.length);
  for (const [i, messages] of conversations.entries())
    expect(rendered[i]).toEqual(await renderChat(tokenizer, messages));
});

it("a plain document has every token trained but the first, and ends with EOS; nothing is put before it", async () => {
  const tokenizer = await loadTokenizer(nano);
  const [{ ids, trained }] = (await renderTexts(tokenizer, ["Call me Ishmael."])) as [
    Awaited<ReturnType<typeof renderChat>>,
  ];
  expect([...ids]).toEqual([...(await tokenizer.encode("Call me Ishmael.")), 2]);
  expect([...trained]).toEqual([0, ...Array(ids.length - 1).fill(1)]);
});

it("a folder without a tokenizer says what to do", async () => {
  await expect(loadTokenizer(mkdtempSync(join(tmpdir(), "zebratune-none-")))).rejects.toMatchObject({
    code: "E_CHECKPOINT",
  });
});
