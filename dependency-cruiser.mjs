/** Imports point one way: app → lib → db, ingest → lib, cli → all of them; nothing → e2e, bench, eval, faults. */
const onlyInto = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^${from}/` },
  to: { path: "^(app|lib|db|ingest|cli|e2e|bench|eval|faults)/", pathNot: `^(${[from, ...allowed].join("|")})/` },
});

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    onlyInto("db-knows-nothing-of-ours", "db", []),
    onlyInto("lib-imports-db-only", "lib", ["db"]),
    onlyInto("app-imports-lib-only", "app", ["lib"]),
    onlyInto("ingest-imports-lib-and-db", "ingest", ["lib", "db"]),
    onlyInto("cli-imports-the-application", "cli", ["ingest", "lib", "db"]),
    onlyInto("faults-import-what-they-break", "faults", ["ingest", "lib", "db"]),
    {
      name: "rooms-have-one-door",
      comment: "A room is entered by its index.ts; tests of the room and its own files go freely.",
      severity: "error",
      from: { path: "^(app|ingest|cli|lib)/", pathNot: "\\.test\\.ts$|^lib/testing/" },
      to: { path: "^db/", pathNot: "^db/index\\.ts$" },
    },
    {
      name: "providers-stand-alone",
      severity: "error",
      from: { path: "^lib/storage/objects/(disk|s3)\\.ts$" },
      to: { path: "^lib/(?!storage/|domain)" },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^(server-only)$" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.test\\.tsx?$|^\\.next" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
