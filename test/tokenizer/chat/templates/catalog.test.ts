import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagePath } from "../../../../src/package-root.ts";
import { renderPrompt } from "../../../../src/tokenizer/chat/chat.ts";
import { readChosenTemplate } from "../../../../src/tokenizer/chat/templates/chosen-template.ts";
import { chatTemplateCatalog } from "../../../../src/tokenizer/chat/templates/index.ts";
import { missingTokens, whyUntrainable } from "../../../../src/tokenizer/chat/templates/try-template.ts";
import { loadTokenizer } from "../../../../src/tokenizer/tokenizer.ts";
import { folderOf, markedText, nanoDir, nanoJson } from "../../fixtures.ts";
import { publicForms } from "../../public-forms.ts";

const chat = [
  { role: "system" as const, content: "Be brief." },
  { role: "user" as const, content: "why" },
  { role: "assistant" as const, content: "so" },
];

it("the catalog has every file of its folder", () => {
  const others = ["built-in.ts", "chosen-template.ts", "index.ts", "try-template.ts"];
  const files = readdirSync(packagePath("src/tokenizer/chat/templates")).filter(
    (name) => !others.includes(name),
  );
  expect(Object.keys(chatTemplateCatalog).map((name) => `${name}.ts`)).toEqual(files.sort());
});

it("zebra is the nano tokenizer's own", () => {
  expect(chatTemplateCatalog.zebra.source).toBe(readFileSync(join(nanoDir, "chat_template.jinja"), "utf8"));
});

describe("of tokenizers without a template", () => {
  it("chatml trains answers with <|im_end|>, with nothing before the first turn", async () => {
    const tokenizer = await loadTokenizer(publicForms.SmolLM2(), { chatTemplate: "chatml" });
    expect(await markedText(tokenizer, chat)).toBe(
      "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nwhy<|im_end|>\n" +
        "<|im_start|>assistant\n⟦so<|im_end|>⟧\n",
    );
    expect(await tokenizer.decode(await renderPrompt(tokenizer, chat.slice(0, 2)))).toBe(
      "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\n",
    );
  });

  it("llama3 has its headers and <|eot_id|>", async () => {
    const json = nanoJson();
    for (const [i, content] of ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"].entries())
      json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, content });
    const dir = folderOf({ "tokenizer.json": json, "tokenizer_config.json": { bos_token: "<s>" } });
    const tokenizer = await loadTokenizer(dir, { chatTemplate: "llama3" });
    expect(await missingTokens(tokenizer, chatTemplateCatalog.llama3)).toEqual([]);
    expect(await markedText(tokenizer, chat)).toBe(
      "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>" +
        "<|start_header_id|>user<|end_header_id|>\n\nwhy<|eot_id|>" +
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦so<|eot_id|>⟧",
    );
  });

  it("zebra needs BOS and EOS alone", async () => {
    const tokenizer = await loadTokenizer(publicForms["Llama 2"](), { chatTemplate: "zebra" });
    expect(await missingTokens(tokenizer, chatTemplateCatalog.zebra)).toEqual([]);
    expect(await whyUntrainable(tokenizer)).toBeNull();
    const qwen = await loadTokenizer(publicForms.Qwen(), { chatTemplate: "zebra" });
    expect(await missingTokens(qwen, chatTemplateCatalog.zebra)).toEqual(["bos_token"]);
  });
});

it("names the special tokens that a tokenizer lacks, and why it cannot be trained so", async () => {
  const tokenizer = await loadTokenizer(publicForms["GPT-2"](), { chatTemplate: "chatml" });
  expect(await missingTokens(tokenizer)).toEqual(["<|im_start|>", "<|im_end|>"]);
  expect(await whyUntrainable(tokenizer)).toMatch("expected a special token at the end of an answer");
});

it("a file is one, and comes before the tokenizer's own", async () => {
  const path = join(folderOf({}), "mine.jinja");
  writeFileSync(path, "{% for m in messages %}{{ m.role + ': ' + m.content + eos_token }}{% endfor %}");
  expect(await readChosenTemplate(path)).toContain("m.role");
  const tokenizer = await loadTokenizer(nanoDir, { chatTemplate: path });
  const text = await tokenizer.decode(await renderPrompt(tokenizer, chat.slice(1, 2)));
  expect(text).toBe("user: why</s>");
  await expect(readChosenTemplate("chatlm")).rejects.toThrow(
    "expected chatml, llama3, zebra or a template's file, got nothing at chatlm",
  );
});
