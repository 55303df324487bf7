/** Why a stream ended for good for its reader, of the data of its `failure` event; null for any other failure. */
export function closedReason(data: string): string | null {
  try {
    const { error } = JSON.parse(data) as { error?: { code?: string; message?: string } };
    return error?.code === "no_longer_takes_part" ? (error.message ?? null) : null;
  } catch {
    return null;
  }
}
