import { runCommand } from "#lib/terminal.ts";
import { buildAll } from "./build-application.ts";

await runCommand(async () => {
  await buildAll();
  return 0;
});
