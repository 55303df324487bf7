import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { addTenant, grantTenantDomain } from "#lib/tenants/index.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = `usage: npm run tenant -- add <slug> --name <name> --owner <e-mail>
       npm run tenant -- domain <slug> <domain>

Adds a further organisation on this installation. Its owner is invited by a link, printed once and good for seven days;
somebody who has an account here owns it at once. \`domain\` says that an e-mail domain is an organisation's, where no TXT
record can say so: people of it may then come by its identity provider.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: "string" }, owner: { type: "string" } },
});

await runCommand(async () => {
  const [verb, slug, domain] = positionals;
  const { name, owner } = values;
  const isAdd = verb === "add" && slug && name && owner;
  const isDomain = verb === "domain" && slug && domain;
  if (!isAdd && !isDomain) {
    say(usage);
    return 1;
  }
  const env = readEnv();
  const deps = await openDeps(env, migrateDatabase);
  try {
    if (isDomain) {
      await grantTenantDomain(deps, slug, domain);
      say(`${domain} is verified as a domain of “${slug}”.`);
      return 0;
    }
    if (!isAdd) return 1;
    const { invitationPath } = await addTenant(deps, { slug, name, owner });
    if (invitationPath === null) say(`${owner} owns “${name}” now and chooses it below their name.`);
    else process.stdout.write(`${env.PUBLIC_URL ?? `http://localhost:${env.PORT}`}${invitationPath}\n`);
    return 0;
  } finally {
    await deps.close();
  }
});
