import { parseArgs } from "node:util";
import { migrateDatabase, schema } from "#db/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = `usage: npm run user -- add <e-mail> [--name <name>] [--role ${schema.memberRoles.join("|")}]

Adds a person who can sign in and prints their password once.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string" }, role: { type: "string", default: "clinician" } },
});

await runCommand(async () => {
  const [verb, email] = positionals;
  if (verb !== "add" || !email?.includes("@")) {
    say(usage);
    return 1;
  }
  if (!(schema.memberRoles as readonly string[]).includes(values.role)) {
    throw new Error(`“${values.role}” is no role; expected one of ${schema.memberRoles.join(", ")}.`);
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    const name = values.name ?? email.slice(0, email.indexOf("@"));
    const password = await addUserWithPassword(deps, { email, name, role: values.role });
    if (password === null) throw new Error(`There is already a user ${email}.`);
    process.stdout.write(`${password}\n`);
    return 0;
  } finally {
    await deps.close();
  }
});
