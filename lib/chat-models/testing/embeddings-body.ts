/** A bag of hashed words at length 1: equal texts are equal, texts that share words are near one another. */
export function hashedVector(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 0x811c9dc5;
    for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    const place = hash % dimensions;
    vector[place] = (vector[place] ?? 0) + (hash & 0x1000000 ? 1 : -1);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector.map((_, index) => (index === 0 ? 1 : 0)) : vector.map((value) => value / length);
}

type EmbeddingsRequest = { model: string; input: string[]; body: Record<string, unknown> };

/** The answer of POST /v1/embeddings; base64 is the little-endian 32-bit floats of a vector. */
export function embeddingsBody({ model, input, body }: EmbeddingsRequest, embed: (text: string) => number[]): object {
  const shorten = typeof body.dimensions === "number" ? body.dimensions : undefined;
  const data = input.map((text, index) => {
    const vector = embed(text).slice(0, shorten);
    const base64 = () => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
    return { object: "embedding", index, embedding: body.encoding_format === "base64" ? base64() : vector };
  });
  const tokens = input.reduce((total, text) => total + (text.match(/\S+/g)?.length ?? 0), 0);
  return { object: "list", model, data, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}
