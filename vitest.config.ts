import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{lib,db,ingest,app,cli,eval,bench,faults,docs}/**/*.test.ts", "*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two on two cores, where one alone would mostly wait for its databases.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
