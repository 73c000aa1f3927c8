import { defineConfig } from "vitest/config";
import { useSwiftShader } from "./test/swiftshader.ts";

useSwiftShader(process.env);

export default defineConfig({
  test: {
    globalSetup: "test/temporary-folder.ts",
    setupFiles: "test/close.ts",
    include: ["test/**/*.test.{ts,tsx}"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
