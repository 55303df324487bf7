import { parseArgs } from "node:util";
import { migrateDatabase, schema } from "#db/index.ts";
import { addUserWithPassword, dropSecondFactor, replacePassword } from "#lib/auth/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { eraseByOperator } from "#lib/privacy/index.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = `usage: npm run user -- add <e-mail> [--name <name>] [--role ${schema.memberRoles.join("|")}] [--own-password]
       npm run user -- password <e-mail> [--own-password]
       npm run user -- second-factor-off <e-mail>
       npm run user -- erase <e-mail>

add                adds a person who can sign in and prints their password once
password           gives a person a new password, prints it once, and ends their sessions
second-factor-off  for whoever lost their device and their backup codes
erase              ends an account for good: sessions, credentials, name and address go at once, the person's own
                   conversations after the time of grace; what is shared is to be handed over first
--own-password     reads the password from standard input instead of making one`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: "string" },
    role: { type: "string", default: "clinician" },
    "own-password": { type: "boolean", default: false },
  },
});

const verbs: Record<string, (deps: Deps, email: string) => Promise<void>> = {
  async add(deps, email) {
    const name = values.name ?? email.slice(0, email.indexOf("@"));
    const own = await ownPassword();
    const password = await addUserWithPassword(deps, { email, name, role: values.role, password: own });
    if (password === null) throw new Error(`There is already a user ${email}.`);
    if (own === undefined) process.stdout.write(`${password}\n`);
  },
  async password(deps, email) {
    const own = await ownPassword();
    const password = await replacePassword(deps, email, own);
    if (own === undefined) process.stdout.write(`${password}\n`);
  },
  async erase(deps, email) {
    const { conversations, left, feedback } = await eraseByOperator(deps, email);
    say(`Erased: ${conversations} conversations are deleted, ${left} were left, ${feedback} remarks lost their words.`);
  },
  async "second-factor-off"(deps, email) {
    say((await dropSecondFactor(deps, email)) ? "The second factor is off." : "There was no second factor.");
  },
};

await runCommand(async () => {
  const [verb = "", email] = positionals;
  const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!work || !email?.includes("@")) {
    say(usage);
    return 1;
  }
  if (!(schema.memberRoles as readonly string[]).includes(values.role)) {
    throw new Error(`“${values.role}” is no role; expected one of ${schema.memberRoles.join(", ")}.`);
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    await work(deps, email);
    return 0;
  } finally {
    await deps.close();
  }
});

async function ownPassword(): Promise<string | undefined> {
  if (!values["own-password"]) return undefined;
  let text = "";
  for await (const part of process.stdin) text += part;
  return text.replace(/\r?\n$/, "");
}
