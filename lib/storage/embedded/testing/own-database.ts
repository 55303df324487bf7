import { once } from "node:events";
import pg from "pg";
import { openEmbeddedPostgres } from "../index.ts";

// Opens a data directory as a process of its own and says on standard output, a JSON line each, what it sees.
// `insert` goes on inserting until it is killed; `count` counts once and closes when its input ends.
const [directory = "", task] = process.argv.slice(2);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const { url, isOwner, close } = await openEmbeddedPostgres(directory);
say({ isOwner, url });
const client = new pg.Client({ connectionString: url });
await client.connect();
await client.query("create table if not exists kept (value int primary key)");
if (task === "insert") {
  for (let value = 1; ; value += 1) {
    await client.query("insert into kept values ($1)", [value]);
    say({ inserted: value });
  }
}
const { rows } = await client.query("select count(*)::int as count from kept");
say(rows[0]);
process.stdin.resume();
await once(process.stdin, "end");
await client.end();
await close();
