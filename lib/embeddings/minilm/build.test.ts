import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLocalModel } from "./build.ts";

describe("buildLocalModel", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "model-build-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("writes a model folder, once for callers that come together, and not again for those that come later", async () => {
    const target = join(folder, "first");
    const together = await Promise.all([buildLocalModel({ target }), buildLocalModel({ target })]);
    expect(together[0]).toBe(together[1]);
    expect(together[0].built).toBe(true);
    expect((await readdir(target)).sort()).toEqual([
      "built-q8.json",
      "config.json",
      "onnx",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const written = await stat(together[0].file);
    expect(written.size).toBeLessThan(24_000_000);

    expect(await buildLocalModel({ target })).toEqual({ ...together[0], built: false });
    expect((await stat(together[0].file)).ino).toBe(written.ino);
    expect(await readdir(folder), "no staging folder is left").toEqual(["first"]);
  });

  it("leaves truncation and padding to the caller", async () => {
    const read = async (name: string) => JSON.parse(await readFile(join(folder, "first", name), "utf8"));
    expect(await read("tokenizer.json")).toMatchObject({ truncation: null, padding: null });
    expect(await read("tokenizer_config.json")).toMatchObject({ model_max_length: 256 });
  });

  it("builds again what is cut short or from another converter", async () => {
    const target = join(folder, "first");
    const { file, bytes } = await buildLocalModel({ target });
    await truncate(file, 1000);
    expect(await buildLocalModel({ target })).toMatchObject({ built: true, bytes });

    const stamp = join(target, "built-q8.json");
    await writeFile(stamp, (await readFile(stamp, "utf8")).replace(/"converterVersion":\d+/, '"converterVersion":0'));
    expect(await buildLocalModel({ target })).toMatchObject({ built: true, bytes });
  });

  it("refuses weights that are not the published ones and leaves nothing that counts as built", async () => {
    const weightsPath = join(folder, "other.safetensors");
    await writeFile(weightsPath, "something else");
    const source = { weightsPath, tokenizerPath: weightsPath, configPath: weightsPath };
    const target = join(folder, "refused");
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(buildLocalModel({ target, source })).rejects.toMatchObject({
        code: "bad_weights",
        key: weightsPath,
      });
    }
  });
});
