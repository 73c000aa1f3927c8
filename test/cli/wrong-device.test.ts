import { expect, it } from "vitest";
import { runZebra } from "./spawn.ts";

const args = ["--checkpoint", "checkpoints/zebra-nano-lcat", "--prompt", "x", "--max-new-tokens", "1"];

// The libraries write to stderr themselves, past Node: only a process of its own shows it.
it.each(["cuda", "webgpu"])("generate on %s writes nothing raw, be there one or not", async (name) => {
  // Without the environment of the tests, which can bring a Vulkan driver along.
  const { code, stderr } = await runZebra(["generate", ...args, "--device", name], { VK_ICD_FILENAMES: "" });
  if (code === 0) expect(stderr).toBe("");
  else expect(stderr).toMatch(new RegExp(`^zebra: device ${name}: expected .*\\n$`));
});
