import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { TeacherOptions } from "../../../../../src/datasets/documents/teacher/options.ts";
import { createAsker } from "../../../../../src/datasets/documents/teacher/replies/ask.ts";
import type { Reply } from "../../../../../src/datasets/documents/teacher/replies/reply.ts";
import type { ReplyCache } from "../../../../../src/datasets/documents/teacher/replies/reply-cache.ts";
import { createMeter } from "../../../../../src/datasets/documents/teacher/replies/usage.ts";
import { endpointOf } from "../../../../../src/datasets/endpoint/address.ts";
import { startTeacher } from "../teacher-server.ts";

test("cached replies count against max_cost before a later request is sent, however slow the disk is", async () => {
  await using server = await startTeacher();
  const options: TeacherOptions = {
    endpoint: server.endpoint,
    model: "tiny",
    task: "qa",
    per_document: 1,
    extractive: true,
    max_document_chars: 32_000,
    concurrency: 4,
    max_tokens: 100,
    temperature: 0,
    seed: 0,
    prompt: "",
    request: {},
    response_format: "none",
    max_retries: 0,
    retry_delay_seconds: 0.01,
    timeout_seconds: 10,
    api_key_env: "TEACHER_KEY",
    price_per_million_tokens: { input: 2, output: 10 },
    max_cost: 0.004,
  };
  const paid: Reply = {
    content: "{}",
    finishReason: "stop",
    usage: { inputTokens: 1000, outputTokens: 100 },
  };
  const cache: ReplyCache = {
    folder: "",
    async read(key) {
      if (key !== "cached") return undefined;
      await wait(50);
      return paid;
    },
    write: async () => {},
  };
  const ask = createAsker({
    where: "build",
    endpoint: endpointOf(server.endpoint, "TEACHER_KEY", {}),
    options,
    cache,
    meter: createMeter(options),
    refused: new Map(),
    stop: { stopped: false },
  });
  const estimate = { inputTokens: 1000, outputTokens: 100 };
  const [first, second] = await Promise.allSettled(
    ["cached", "new"].map((key) => ask({ key, estimate, body: JSON.stringify({ model: "tiny" }) })),
  );
  expect(first).toEqual({ status: "fulfilled", value: paid });
  // 0.003 are spent, and the next one may cost 0.003.
  expect(second).toMatchObject({ status: "rejected", reason: { code: "E_DATA" } });
  expect(server.log).toHaveLength(0);
});
