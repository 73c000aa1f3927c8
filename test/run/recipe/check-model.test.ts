import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkModel } from "../../../src/run/recipe/check-model.ts";
import { smallConfig, writeSmallModel } from "../../small-model.ts";

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-model-"));
  await writeSmallModel(at("model"));
});

async function told(checkpoint: string): Promise<string> {
  const problems = await checkModel({ checkpoint });
  return problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
}

/** The model with files removed and added. */
async function variant(name: string, without: string[], files: Record<string, string>): Promise<string> {
  await cp(at("model"), at(name), { recursive: true });
  for (const file of without) await rm(at(name, file));
  for (const [file, text] of Object.entries(files)) await writeFile(at(name, file), text);
  return at(name);
}

describe("model.checkpoint", () => {
  it("may be a folder with a model", async () => {
    expect(await told(at("model"))).toBe("");
  });

  it.each([
    ["meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.2-1B"],
    ["https://huggingface.co/owner/name/tree/main", "owner/name"],
    ["hf://owner/name", "owner/name"],
  ])("%s, a name on the Hub, is told with how to get it", async (given, id) => {
    const to = `checkpoints/${id.split("/")[1]}`;
    expect(await told(given)).toBe(
      "model.checkpoint: expected a folder on this machine, got a name on the Hugging Face Hub. Get it first: " +
        `hf download ${id} --local-dir ${to}. Then write ${to}`,
    );
  });

  it("that is not there is told with a name that is", async () => {
    expect(await told(at("modle"))).toMatch(/got nothing at \S+modle; did you mean \S+\/model\?$/);
    // A folder that people make is no owner on the Hub.
    expect(await told("checkpoints/none-of-them")).toMatch(/got nothing at checkpoints\/none-of-them/);
  });

  it("of llama.cpp is told as that, as a file and as a folder", async () => {
    await mkdir(at("llama"));
    await writeFile(at("llama", "tiny.Q4_K_M.gguf"), "GGUF");
    expect(await told(at("llama", "tiny.Q4_K_M.gguf"))).toMatch(/got a file at .*GGUF is llama\.cpp's form/);
    expect(await told(at("llama"))).toMatch(/got a folder without it at .*GGUF is llama\.cpp's form/);
    const beside = await variant("gguf", ["model.safetensors"], { "tiny.gguf": "GGUF" });
    expect(await told(beside)).toMatch(/expected model\.safetensors .*got tiny\.gguf\. GGUF is/);
  });

  it("of pickles is refused, with what to do", async () => {
    const pickles = await variant("pickles", ["model.safetensors"], { "pytorch_model.bin": "" });
    expect(await told(pickles)).toMatch(
      /got pytorch_model\.bin\. Pickle files can run any code .*save_pretrained/,
    );
    expect(await told(join(pickles, "pytorch_model.bin"))).toMatch(
      /got a file at .*Pickle files can run any code/,
    );
  });

  it("without a tokenizer is told with what it has instead", async () => {
    expect(await told(await variant("bare", ["tokenizer.json"], {}))).toMatch(
      /^model\.checkpoint: expected tokenizer\.json beside the weights in \S+bare, got none\. Copy it/,
    );
    expect(await told(await variant("pieces", ["tokenizer.json"], { "tokenizer.model": "" }))).toMatch(
      /got tokenizer\.model\. Write one, in Python: AutoTokenizer/,
    );
  });

  it("of another architecture is told before data are made", async () => {
    const config = JSON.stringify({ ...smallConfig, model_type: "qwen2", vocab_size: 0 });
    expect(await told(await variant("qwen", [], { "config.json": config }))).toMatch(
      /model_type: expected "ministral", "mistral" or "llama", got "qwen2"\. .* \(and 1 more that do not fit\)$/,
    );
  });

  it("one level too high is told the folder that was meant", async () => {
    await cp(at("model"), at("run", "train", "final"), { recursive: true });
    expect(await told(at("run"))).toMatch(
      /got a folder without it at \S+run\. Its model is \S+run\/train\/final$/,
    );
    await cp(at("model"), at("cache", "snapshots", "abc"), { recursive: true });
    expect(await told(at("cache"))).toMatch(/Its model is \S+cache\/snapshots\/abc$/);
    await cp(at("model"), at("many", "one"), { recursive: true });
    expect(await told(at("many"))).toMatch(/There are models in it: \S+many\/one$/);
    expect(await told(at("model", "model.safetensors"))).toMatch(/Give the folder that it is in: \S+model$/);
  });
});
