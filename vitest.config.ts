import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{lib,db,ingest,app,cli,eval,bench,faults,docs}/**/*.test.ts", "*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
