import { cp, link, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What a start makes, and what no start needs: an installed tree has none of it. */
const notCopied =
  /^(\.git|\.next|\.data.*|\.cache|node_modules|coverage|test-results|playwright-report|.*\.tsbuildinfo)$/;

/**
 * A tree of its own as `npm ci` leaves it, nothing built: the source copied, the dependencies hard-linked, which takes
 * seconds and no room. It lies in the project's `.cache`, since links do not cross file systems.
 * @returns its folder; the caller removes it
 */
export async function makeInstalledTree(): Promise<string> {
  const parent = join(root, ".cache");
  await mkdir(parent, { recursive: true });
  const tree = await mkdtemp(join(parent, "bench-"));
  try {
    const builtModels = join(root, "models", "local");
    for (const entry of await readdir(root)) {
      if (notCopied.test(entry)) continue;
      await cp(join(root, entry), join(tree, entry), { recursive: true, filter: (source) => source !== builtModels });
    }
    await linkFolder(join(root, "node_modules"), join(tree, "node_modules"));
    return tree;
  } catch (error) {
    await rm(tree, { recursive: true, force: true });
    throw error;
  }
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}
